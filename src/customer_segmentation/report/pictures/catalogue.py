"""Which pictures a publication gives, and in which order."""

from collections.abc import Iterator

from customer_segmentation.publication.tables import Publication
from customer_segmentation.report.pictures.dataset_pictures import dataset_pictures
from customer_segmentation.report.pictures.picture import NotDrawn, Picture
from customer_segmentation.report.pictures.segmentation_pictures import segmentation_pictures


def pictures(publication: Publication) -> Iterator[Picture | NotDrawn]:
    """Return the pictures of every dataset and every segmentation of a publication.

    Parameters
    ----------
    publication : Publication
        The publication.

    Yields
    ------
    Picture or NotDrawn
        Always in the same order: by dataset, the pictures of the dataset before those of its segmentations.
    """
    segmentations = publication.fits().sort_values("segmentation")
    for dataset in publication.table("datasets").sort_values("dataset").itertuples():
        of_dataset = segmentations[segmentations["dataset"] == dataset.dataset]
        yield from dataset_pictures(publication, dataset, of_dataset)
        for segmentation in of_dataset.itertuples():
            yield from segmentation_pictures(publication, segmentation)
