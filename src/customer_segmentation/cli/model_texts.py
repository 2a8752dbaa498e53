"""What `segmentation models` prints: the models of the history, and two of them side by side."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from customer_segmentation.errors import NotPossibleError
from customer_segmentation.formatting import counted, percent
from customer_segmentation.history.models import USED, RecordedModel, compare_on
from customer_segmentation.publication.database import open_published, quoted, rows

HEADER = ("model", "customers of", "segments", "customers", "inertia", "silhouette", "stability", "")


def listed_models(models: Iterable[RecordedModel], names: Mapping[str, str]) -> str:
    """Describe models, a table per segmentation.

    Parameters
    ----------
    models : iterable of RecordedModel
        By segmentation.
    names : mapping of str to str
        What people see instead of the keys of segmentations, as far as it is published.

    Returns
    -------
    str
    """
    by_segmentation: dict[str, list[RecordedModel]] = {}
    for one in models:
        by_segmentation.setdefault(one.segmentation, []).append(one)
    lines = []
    for segmentation, own in by_segmentation.items():
        head = f"{_named(segmentation, names)}: {', '.join(own[0].features)}"
        lines += [head, *_aligned([HEADER, *map(_row, own)]), ""]
    return "\n".join(
        [
            *lines,
            "To compare two: segmentation models compare BEFORE AFTER. "
            "To choose one: segmentation models activate MODEL.",
        ]
    )


def compared_models(
    befores: Sequence[RecordedModel], afters: Sequence[RecordedModel], published: Path, names: Mapping[str, str]
) -> str:
    """Describe two models side by side.

    Parameters
    ----------
    befores, afters : sequence of RecordedModel
        The models of each version; those of the first segmentation that has both are described.
    published : Path
        Database with today's customers.
    names : mapping of str to str
        What people see instead of the keys of segmentations, as far as it is published.

    Returns
    -------
    str

    Raises
    ------
    NotPossibleError
        If they are of different segmentations, or there is no publication.
    """
    pairs = [(one, other) for one in befores for other in afters if one.segmentation == other.segmentation]
    if not pairs:
        raise NotPossibleError(
            f"{befores[0].version} is a model of {befores[0].segmentation}, {afters[0].version} one of "
            f"{afters[0].segmentation}. Compare two of one segmentation: `segmentation models` lists them."
        )
    before, after = pairs[0]
    lines = [_named(before.segmentation, names), *_aligned([HEADER, _row(before), _row(after)]), ""]
    if before.features != after.features:
        return "\n".join(
            [
                *lines,
                f"Their features differ: {', '.join(before.features)}, and {', '.join(after.features)}. So their "
                "centers and their segments of the same customers cannot be compared.",
            ]
        )
    return "\n".join([*lines, *_on_customers(before, after, published), "", *_centres(before, after)])


def _named(segmentation: str, names: Mapping[str, str]) -> str:
    # commands take the key
    return f"{names[segmentation]} ({segmentation})" if segmentation in names else segmentation


def _row(model) -> Sequence[str]:
    first = model.clusters.iloc[0]
    state = f"{model.state} until {model.last_used_on}" if model.state == USED and model.last_used_on else model.state
    return (
        model.version,
        model.as_of_date,
        f"{model.clusters['cluster_id'].nunique()}",
        f"{int(first['customers']):,}",
        f"{first['inertia']:,.1f}",
        f"{first['silhouette']:.2f}",
        "" if model.stability is None else f"{model.stability:.2f}",
        state + (", chosen for the next build" if model.is_activated else ""),
    )


def _aligned(table) -> list[str]:
    """Lay out a table: the first and the last column to the left, figures to the right."""
    widths = [max(len(row[column]) for row in table) for column in range(len(table[0]))]
    return [
        "  "
        + "  ".join(
            f"{text:<{width}}" if place in (0, len(row) - 1) else f"{text:>{width}}"
            for place, (text, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in table
    ]


def _on_customers(before, after, published) -> list[str]:
    names = list(after.clusters.sort_values("position")["feature"].unique())
    with open_published(published) as database:
        columns = ", ".join(map(quoted, names))
        customers = database.sql(f"select {columns} from {quoted(f'{after.dataset}_customer_features')}").df().dropna()
        limits = rows(database, "select min(lowest_jaccard) as lowest from grades where lowest_jaccard > 0")
    found = compare_on(before, after, customers, new_below=limits[0]["lowest"])
    saved = 1 - found["challenger_inertia"] / found["champion_inertia"]
    return [
        f"Of {counted(found['customers'], 'customer')} today, {found['customers_moved']:,} "
        f"({percent(found['share_moved'])}) would be in another segment.",
        f"Agreement (adjusted Rand index) {found['adjusted_rand_index']:.2f}; "
        f"{counted(found['dissolved_segments'], 'segment')} not found again.",
        f"Inertia of today's customers: {found['champion_inertia']:,.1f} before, {found['challenger_inertia']:,.1f} "
        f"after ({percent(abs(saved))} {'less' if saved >= 0 else 'more'}).",
        "No segment is found again."
        if found["largest_centre_shift"] is None
        else f"The centers move by up to {found['largest_centre_shift']:.2f} standard deviations in a feature.",
    ]


def _centres(before, after) -> list[str]:
    lines = []
    for title, model in (("before", before), ("after", after)):
        centres = model.centres()
        table = [
            ("center", *centres.columns),
            *(
                (f"{title} {cluster}", *(f"{value:,.4g}" for value in row))
                for cluster, row in zip(centres.index, centres.to_numpy(), strict=True)
            ),
        ]
        lines += [*_aligned([(*row, "") for row in table]), ""]
    return lines[:-1]
