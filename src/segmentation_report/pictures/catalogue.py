"""Which pictures a publication gives, and in which order."""

from collections.abc import Iterator

from segmentation_report.pictures.of_dataset import dataset_pictures
from segmentation_report.pictures.of_segmentation import segmentation_pictures
from segmentation_report.pictures.picture import NotDrawn, Picture
from segmentation_report.publication import Publication


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
