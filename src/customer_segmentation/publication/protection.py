"""What readers are told about the protection of customers: one wording for captions, subtitles and notes."""

from collections.abc import Sequence

from customer_segmentation import formatting
from customer_segmentation.publication.tables import Publication


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
    shown = publication.dataset_name
    drawn = [shown(name) for name in dict.fromkeys(datasets) if not publication.shows_customers(name)]
    if drawn:
        told.append(
            f"Points in the charts of {formatting.listed(drawn)} are no customers: they are drawn at random from a "
            "distribution fitted to each segment, and silhouettes are means of small groups."
        )
    cells: dict[int, list[str]] = {}
    for name in dict.fromkeys(datasets):
        if publication.smallest_cell(name) > 1:
            cells.setdefault(publication.smallest_cell(name), []).append(shown(name))
    for smallest, names in sorted(cells.items()):
        told.append(
            f"Of fewer than {smallest:,} customers of {formatting.listed(names)} nothing is shown: small segments have "
            "no figures, small groups are put together, and the least and greatest values are left out. Where a total "
            f"would tell the size of a small group, other counts are rounded to a multiple of {smallest:,}."
        )
    return told
