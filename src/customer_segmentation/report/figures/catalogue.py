"""Which figures a publication gives, and in which order."""

from collections.abc import Iterator

from customer_segmentation.publication.tables import Publication
from customer_segmentation.report.figures.dataset_figures import dataset_figures
from customer_segmentation.report.figures.figure import Figure, NotDrawn
from customer_segmentation.report.figures.segmentation_figures import segmentation_figures
from customer_segmentation.report.figures.value_figures import value_figures


def every_figure(publication: Publication) -> Iterator[Figure | NotDrawn]:
    """Return the figures of every dataset and every segmentation of a publication.

    Parameters
    ----------
    publication : Publication
        The publication.

    Yields
    ------
    Figure or NotDrawn
        Always in the same order: by dataset, the figures of the dataset before those of its segmentations.
    """
    segmentations = publication.fits().sort_values("segmentation")
    for dataset in publication.table("datasets").sort_values("dataset").to_dict("records"):
        yield from dataset_figures(publication, dataset)
        yield from value_figures(publication, dataset)
        for fit in segmentations[segmentations["dataset"] == dataset["dataset"]].to_dict("records"):
            yield from segmentation_figures(publication, fit)
