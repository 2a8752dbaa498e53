"""What was published, in text: per segmentation the personas and their sizes, and where to look next."""

import textwrap

import duckdb

from customer_segmentation.formatting import TYPICAL, counted, fallback_sentence, listed, percent, quality, shares
from customer_segmentation.publication.database import CURRENCY, known, rows
from customer_segmentation.publication.movement import last_period, waiting_fit
from customer_segmentation.scoring.explanation import offer

WIDTH = 100
MOST_OF_A_NAME = 50  # characters of a segment's name beside its size
WHERE_TO_LOOK_NEXT = """\
Next: `make dashboard` opens the pages, `make report` writes report, slides and pictures, and
`make docs` explains every table. `segmentation --help` lists the commands. BI tools read the
published database or the Parquet files beside it, read-only; start with the table customers."""


def summary(database: duckdb.DuckDBPyConnection) -> str:
    """Describe a publication in a screenful of text.

    Parameters
    ----------
    database : DuckDBPyConnection
        A published database.

    Returns
    -------
    str
        A table of the default segmentation of each dataset and a line for each other one, then the row account, the
        warnings and where to look next. Beside customers of the user's own, the examples are only named.
    """
    found = rows(
        database,
        """
        select distinct segmentation, is_default, is_example
        from segments inner join datasets using (dataset) order by segmentation
        """,
    )
    own = [row for row in found if not row["is_example"]]
    lines = []
    for row in own or found:
        if row["is_default"]:
            lines += ["", *_short_lines(database, row["segmentation"])]
    others = [row["segmentation"] for row in own or found if not row["is_default"]]
    lines += ["", *(line for name in others for line in _wrapped(_line(database, name), indent=""))] if others else []
    examples = [row["segmentation"] for row in found if row["is_example"]] if own else []
    if examples:
        lines += ["", *_wrapped(f"Also published, the examples: {', '.join(examples)}.", indent="")]
    lines += [f"{TYPICAL} More: `segmentation show NAME`."]
    return "\n".join([*lines, "", *_input_lines(database), "", WHERE_TO_LOOK_NEXT])


def details(database: duckdb.DuckDBPyConnection, segmentation: str) -> str:
    """Describe one segmentation: its table, then each persona and the campaign to run first.

    Parameters
    ----------
    database : DuckDBPyConnection
        A published database.
    segmentation : str
        The segmentation.

    Returns
    -------
    str

    Raises
    ------
    NotPossibleError
        If there is no such segmentation.
    """
    known(segmentation, _segmentations(database), "segmentation")
    personas = rows(
        database,
        """
        select
            segments.persona, personas.description, campaigns.campaign, campaigns.channel, campaigns.offer,
            segments.stability_grade
        from segments
        inner join personas
            on segments.segmentation = personas.segmentation and segments.cluster_id = personas.cluster_id
        left join campaign_recommendations as campaigns
            on segments.segmentation = campaigns.segmentation and segments.persona = campaigns.persona
        where segments.segmentation = ?
        qualify row_number() over (partition by segments.cluster_id order by campaigns.priority) = 1
        order by segments.customers desc, segments.persona
        """,
        [segmentation],
    )
    lines = [*_segmentation_lines(database, segmentation), f"  {TYPICAL}"]
    for row in personas:
        lines += ["", row["persona"], *_wrapped(row["description"] or "No persona describes these customers.")]
        lines += _wrapped(f"Offer: {offer(row)}")
        lines += _wrapped(f"Stability: {row['stability_grade']}") if row["stability_grade"] else []
    return "\n".join(lines)


def _wrapped(text, indent="  ") -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=indent, subsequent_indent=indent)


def _segmentations(database) -> list[str]:
    found = rows(database, "select segmentation from segmentation_fits order by segmentation")
    return [row["segmentation"] for row in found]


def _shortened(start: str, text: str) -> str:
    """Leave out the last phrases of a text where the line that it ends is too long."""
    while len(start) + len(text) > WIDTH and ", " in text.removesuffix(", …"):
        text = f"{text.removesuffix(', …').rsplit(', ', 1)[0]}, …"
    return f"{start}{text}"


def _segmentation_lines(database, segmentation) -> list[str]:
    return [
        _headline(database, segmentation),
        *(f"  {sentence}" for sentence in _sentences(database, segmentation)),
        *_segment_lines(database, segmentation),
    ]


def _short_lines(database, segmentation) -> list[str]:
    return [
        *_wrapped(_headline(database, segmentation), indent=""),
        *(line for sentence in _sentences(database, segmentation, is_short=True) for line in _wrapped(sentence)),
        *_segment_lines(database, segmentation, is_short=True),
    ]


def _line(database, segmentation) -> str:
    """Return the headline, and how many personas are contradicted."""
    ((contradicted,),) = database.execute(
        "select count(contradicted_traits) from personas where segmentation = ?", [segmentation]
    ).fetchall()
    found = f", {counted(contradicted, 'persona')} contradicted" if contradicted else ""
    return f"{_headline(database, segmentation, is_short=True)}{found}"


def _headline(database, segmentation, *, is_short: bool = False) -> str:
    ((name, customers, total, k, silhouette, inertia, best, is_synthetic),) = database.execute(
        """
        select
            segmentation_name, segmentation_fits.customers, datasets.customers, k, silhouette, inertia,
            best_known_inertia, datasets.is_synthetic
        from segmentation_fits inner join datasets using (dataset)
        where segmentation = ?
        """,
        [segmentation],
    ).fetchall()
    excess = f", inertia {percent(inertia / best - 1)} above the best known" if inertia > best * (1 + 1e-6) else ""
    kind = "synthetic customers" if is_synthetic else "customers"
    size = "" if is_short and customers == total and not is_synthetic else f"{customers:,} {kind} in "
    # commands take the key
    return f"{name} ({segmentation}): {size}{k} segments, silhouette {silhouette:.2f}{excess}"


def _sentences(database, segmentation, *, is_short: bool = False) -> list[str]:
    ((fallback, recommendation),) = database.execute(
        """
        select fallback, sentence
        from segmentation_fits left join k_recommendation using (segmentation)
        where segmentation = ?
        """,
        [segmentation],
    ).fetchall()
    [(currency,)] = database.execute(CURRENCY).fetchall()

    def query(sql, values):
        return database.execute(sql, values).fetchall()

    said = [
        _without_segment(database, segmentation, is_short=is_short),
        fallback_sentence({"fallback": fallback}) if fallback else None,
        recommendation,
        last_period(query, segmentation, currency),
        waiting_fit(query, segmentation),
        _prediction(database, segmentation),
    ]
    return [sentence for sentence in said if sentence]


def _without_segment(database, segmentation, *, is_short: bool) -> str | None:
    """Say how many customers of the dataset the segmentation cannot place."""
    ((total, placed, needed),) = database.execute(
        """
        select
            datasets.customers,
            (select sum(customers) from segments where segmentation = fits.segmentation),
            (select string_agg(distinct feature, ', ') from cluster_centroids where segmentation = fits.segmentation)
        from segmentation_fits as fits inner join datasets using (dataset)
        where segmentation = ?
        """,
        [segmentation],
    ).fetchall()
    if total == placed:
        return None
    why = "" if is_short else f" A segment needs {listed(sorted(needed.split(', ')))}."
    return f"Without a segment: {total - int(placed):,} of {total:,} customers.{why}"


def _prediction(database, segmentation) -> str | None:
    """Say whether the model of lifetime values finds the best customers of tomorrow, or a simple rule does as well."""
    rules = database.execute(
        """
        select ranking, verdict from prediction_checks inner join segmentation_fits using (dataset)
        where segmentation = ? and is_default and outcome = 'money' and kind = 'rule' and verdict is not null
        order by ranking
        """,
        [segmentation],
    ).fetchall()
    good = [ranking.upper() if ranking == "rfm" else ranking for ranking, verdict in rules if verdict != "holds less"]
    if not rules:
        return None
    if not good:
        return "Who will bring most money: the model of lifetime value knows better than every simple rule."
    tell = "tells" if len(good) == 1 else "tell"
    return f"Who will bring most money: {listed(good)} {tell} as well as the model of lifetime value."


def _input_lines(database) -> list[str]:
    inputs = database.execute(
        """
        select input, origin, max(input_rows), (select count(*) from rejected_rows where input = input_columns.input)
        from input_columns group by input, origin order by input
        """
    ).fetchall()
    lines = ["Inputs (table input_columns) and rejected rows (table rejected_rows):"]
    lines += [f"  {name}: {origin}, {rows:,} rows, {rejected:,} rejected" for name, origin, rows, rejected in inputs]
    failed = database.execute(
        """
        select
            relation || coalesce('.' || column_name, '') || ': expected ' || expectation || ', found ' || observed_value
        from data_quality_results where not success order by suite, position
        """
    ).fetchall()
    ((checks,),) = database.execute("select count(*) from data_quality_results").fetchall()
    lines += [f"{quality(checks, len(failed))} (table data_quality_results)"]
    return lines + [f"  {expectation}" for (expectation,) in failed]


def _segment_lines(database, segmentation, *, is_short: bool = False) -> list[str]:
    rows = database.execute(
        """
        select segments.persona, segments.customers, segments.share_of_customers, segments.headline,
            personas.contradicted_traits, segments.stability_grade
        from segments
        inner join personas
            on segments.segmentation = personas.segmentation and segments.cluster_id = personas.cluster_id
        where segments.segmentation = ?
        order by segments.customers desc, segments.persona
        """,
        [segmentation],
    ).fetchall()
    # a generated name can be as long as a line, and the size of the segment must not be lost
    names = [textwrap.shorten(row[0], MOST_OF_A_NAME, placeholder=" …") if is_short else row[0] for row in rows]
    width = max(map(len, names))
    empty = f"  {'':<{width}}  {'':>9}  {'':>7}  "
    ended = _shortened if is_short else str.__add__
    lines = []
    for name, (_, customers, _, headline, contradicted, grade), share in zip(
        names, rows, shares(row[2] for row in rows), strict=True
    ):
        lines.append(ended(f"  {name:<{width}}  {customers:>9,}  {share:>7}  ", headline))
        if contradicted:
            lines.append(ended(empty, f"contradicted: {contradicted}"))
        if grade and grade != "stable":
            lines.append(ended(empty, f"{grade}: may not come back in another sample"))
    return lines
