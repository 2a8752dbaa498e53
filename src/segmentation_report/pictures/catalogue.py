"""Which pictures a publication gives, and in which order."""

from collections.abc import Iterator

from segmentation_report.marts import Marts
from segmentation_report.pictures.of_dataset import dataset_pictures
from segmentation_report.pictures.of_segmentation import segmentation_pictures
from segmentation_report.pictures.picture import NotDrawn, Picture


def pictures(marts: Marts) -> Iterator[Picture | NotDrawn]:
    """Return the pictures of every dataset and every segmentation of a publication.

    Parameters
    ----------
    marts : Marts
        The publication.

    Yields
    ------
    Picture or NotDrawn
        Always in the same order: by dataset, the pictures of the dataset before those of its segmentations.
    """
    segmentations = marts.segmentations()
    for dataset in marts.frame("select dataset, customers, is_synthetic from datasets order by dataset").itertuples():
        of_dataset = segmentations[segmentations["dataset"] == dataset.dataset]
        yield from dataset_pictures(marts, dataset, of_dataset)
        for segmentation in of_dataset.itertuples():
            yield from segmentation_pictures(marts, segmentation)
