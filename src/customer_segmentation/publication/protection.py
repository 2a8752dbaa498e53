"""What readers are told about the protection of customers: one wording for captions, subtitles and notes."""

from collections.abc import Sequence

from customer_segmentation import formatting
from customer_segmentation.publication.tables import Publication


def points_sentence(publication: Publication, dataset: str, thing: str = "point") -> str:
    """Say what a point of a picture is, as the beginning of a sentence about where it lies.

    Parameters
    ----------
    publication : Publication
        The publication that is told about.
    dataset : str
        Name of the dataset.
    thing : str
        What a reader sees: "point" or "dot".

    Returns
    -------
    str
    """
    if publication.shows_customers(dataset):
        return f"Every {thing} is a customer"
    return f"No {thing} is a customer: {thing}s are drawn at random from a distribution fitted to each segment"


def box_parts(publication: Publication, dataset: str) -> str:
    """Say what the parts of a box plot are, as the end of a caption: a whisker ends at the figure of one customer."""
    return ": quartiles and whiskers." if publication.smallest_cell(dataset) == 1 else ": quartiles."


def disclosure_sentences(publication: Publication, datasets: Sequence[str]) -> list[str]:
    """Say what is not shown, so that no single customer can be found.

    Parameters
    ----------
    publication : Publication
        The publication that is told about.
    datasets : sequence of str
        Names of the datasets that are told about.

    Returns
    -------
    list of str
        Nothing where everything is shown.
    """
    told = []
    drawn = [name for name in dict.fromkeys(datasets) if not publication.shows_customers(name)]
    if drawn:
        told.append(
            f"Points in the charts of {formatting.listed(drawn)} are no customers: they are drawn at random from a "
            "distribution fitted to each segment, and silhouettes are means of small groups."
        )
    cells: dict[int, list[str]] = {}
    for name in dict.fromkeys(datasets):
        if publication.smallest_cell(name) > 1:
            cells.setdefault(publication.smallest_cell(name), []).append(name)
    for smallest, names in sorted(cells.items()):
        told.append(
            f"Of fewer than {smallest:,} customers of {formatting.listed(names)} nothing is shown: small segments have "
            "no figures, small groups are put together, and the least and greatest values are left out. Where a total "
            f"would tell the size of a small group, other counts are rounded to a multiple of {smallest:,}."
        )
    return told
