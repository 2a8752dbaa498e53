"""Score a file of customers: every row comes back, with its segment or with the reason why it has none."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from customer_segmentation.errors import NotPossibleError
from customer_segmentation.formatting import counted, number
from customer_segmentation.language import _
from customer_segmentation.publication.database import quoted, rows
from customer_segmentation.publication.notes import note_text
from customer_segmentation.publication.output_files import check_output, write_rows
from customer_segmentation.scoring.explanation import problem_text
from customer_segmentation.scoring.input_rows import InputRows, read_input_rows
from customer_segmentation.scoring.numbers import number_texts, summary_words
from customer_segmentation.scoring.predict import features, matched_headers, segmentations

# Why a value cannot be used, as `predict_<dataset>` says it, but without the value, which may hold anything.
REASON = """
    case
        when try_cast({value} as double) between ? and ? then null
        when isfinite(try_cast({value} as double)) then ?
        when {value} is null then ?
        else ?
    end
"""


SUMMARY_ROW = "a summary row, no customer"
MOST_REASONS = 10  # of one segmentation that are told
LAST_ROWS = 10  # where a summary row stands, as in the macro `summary_row`


@dataclass(frozen=True)
class RowAccount:
    """What became of the rows of a file in one segmentation: `read` = `scored` + the sum of `reasons`."""

    segmentation: str
    read: int
    scored: int
    reasons: dict[str, int]


@dataclass(frozen=True)
class ScoredFile:
    """A file that was scored.

    Attributes
    ----------
    output : Path
        What was written.
    columns : dict of str to str
        Which column was taken for which feature.
    renamed : dict of str to str
        Results that bear another name, because the file has a column of that name.
    accounts : list of RowAccount
        One per segmentation.
    notes : dict of str to list of str
        By feature how its column was read where that is not plain: signs beside the numbers, another unit.
    """

    output: Path
    columns: dict[str, str]
    renamed: dict[str, str]
    accounts: list[RowAccount]
    notes: dict[str, list[str]]


def score_file(
    database: duckdb.DuckDBPyConnection,
    dataset: str,
    location: str,
    output: str | Path,
    *,
    chosen: Sequence[str] | None = None,
    force: bool = False,
    raw: bool = False,
    notify: Callable[[str], None] = lambda text: None,
) -> ScoredFile:
    """Score the customers of a file and write them with their segments.

    Parameters
    ----------
    database : DuckDBPyConnection
        A published database.
    dataset : str
        The dataset whose segments are wanted.
    location : str
        A file or a glob of customers.
    output : str or Path
        A .csv or .parquet file to write.
    chosen : sequence of str, optional
        Segmentations, for each of which a customer gets a row; the one to use if none is named.
    force : bool
        Whether a file that exists is replaced.
    raw : bool
        Whether texts of a CSV are written as they came, even where a spreadsheet would run them as formulas.
    notify : callable
        Called with a sentence where texts were changed.

    Returns
    -------
    ScoredFile

    Raises
    ------
    NotPossibleError
        If the file cannot be read, lacks a feature or leaves open what it means, or if the output cannot be written.
    """
    output = Path(output)
    check_output(output, force=force)
    chosen = list(chosen or segmentations(database, dataset)[:1])
    wanted = features(database, dataset, chosen)
    found = read_input_rows(database, location)
    if any(output.exists() and output.samefile(file) for file in found.files):
        raise NotPossibleError(f"{output} is the file to score. Name another file as the output: it is never replaced.")
    columns, headers = _columns(database, found, wanted)
    notes = _score(database, dataset, found, wanted, columns, headers, chosen)
    accounts = [_account(database, one, features(database, dataset, [one]), found.count) for one in chosen]
    renamed = _write(database, found, output, raw, notify)
    return ScoredFile(output, columns, renamed, accounts, notes)


def account_lines(scored: ScoredFile, names: Mapping[str, str]) -> list[str]:
    """Say which columns were read, and what became of the rows.

    Parameters
    ----------
    scored : ScoredFile
        A file that was scored.
    names : mapping of str to str
        How each segmentation is called.

    Returns
    -------
    list of str
        Lines; those that give a reason are indented.
    """
    found = ", ".join(
        _("{feature} from '{name}'", feature=feature, name=name) for feature, name in scored.columns.items()
    )
    lines = [_("Read {columns}.", columns=found)]
    for feature, notes in scored.notes.items():
        lines.append(_("Of {column}: {notes}.", column=scored.columns[feature], notes=note_text("; ".join(notes))))
    for account in scored.accounts:
        lines.append(
            _(
                "{segmentation}: {read} rows read = {scored} scored + {left} not scored",
                segmentation=names[account.segmentation],
                read=number(account.read),
                scored=number(account.scored),
                left=number(account.read - account.scored),
            )
            + (":" if account.reasons else "")
        )
        told = [(count, problem_text(reason)) for reason, count in account.reasons.items()]
        others = told[MOST_REASONS:]
        if others:
            rest = _("for {reasons}, in the column `problem`", reasons=counted(len(others), "other reason"))
            told = [*told[:MOST_REASONS], (sum(count for count, _reason in others), rest)]
        lines += [f"  {number(count):>9}  {reason}" for count, reason in told]
    if scored.renamed:
        renamed = ", ".join(_("{name} is {new}", name=name, new=new) for name, new in scored.renamed.items())
        lines.append(_("The file already has columns with these names, so in the results {renamed}.", renamed=renamed))
    return lines


def _columns(database, found: InputRows, wanted: list[dict]) -> tuple[dict[str, str], dict[str, dict]]:
    columns, headers = matched_headers(database, wanted, found.columns, found.location)
    missing = [row for row in wanted if row["feature"] not in columns]
    if missing:
        names = "; ".join(
            _("{feature} (a column named {names})", feature=row["label"], names=_examples(row)) for row in missing
        )
        raise NotPossibleError(
            _(
                "{location} has no column for {features}. It has {columns}. Rename the column that holds it, or add "
                "one.",
                location=found.location, features=names, columns=", ".join(found.columns),
            )
        )  # fmt: skip
    return columns, headers


def _examples(row) -> str:
    names = list(dict.fromkeys([row["feature"], *row["accepted_names"]]))
    first, *others = [_("'{name}'", name=name) for name in names[:3]]
    for other in others:
        first = _("{names} or {other}", names=first, other=other)
    return first


def _score(database, dataset, found, wanted, columns, headers, chosen) -> dict[str, list[str]]:
    place = {name: number for number, name in enumerate(found.columns, start=1)}
    column = {feature: f"column_{place[name]}" for feature, name in columns.items()}
    units = {row["feature"]: row["unit"] for row in wanted}
    asked = {
        column[feature]: {
            "called": _("{location}, column {column}", location=found.location, column=name),
            "feature": feature,
            "unit": units[feature],
            "is_text": not found.has_numbers(name),
            "header": headers.get(feature),
        }
        for feature, name in columns.items()
        if not found.has_numbers(name) or feature in headers
    }
    written, notes = number_texts(database, "input_rows", asked, is_spreadsheet=found.is_spreadsheet)
    read = ", ".join(f"{written.get(name, name)} as {quoted(feature)}" for feature, name in column.items())
    given = ", ".join(
        f"{quoted(feature)} := case when customer.summary_word is null then customer.{quoted(feature)} end"
        for feature in column
    )
    summary = _summary_word(database, found, set(column.values()))
    database.execute("drop table if exists scored_rows")
    database.execute(
        f"create or replace temp view given_values as "
        f"select row_number, {read}, {summary} as summary_word from input_rows"
    )
    database.execute(
        f"""
        create temp table scored_rows as
        select
            customer.row_number,
            predicted.* replace (
                coalesce(
                    input_rows.broken_line, '{SUMMARY_ROW} (' || customer.summary_word || ')', predicted.problem
                ) as problem
            )
        from given_values as customer
        inner join input_rows on customer.row_number = input_rows.row_number,
            lateral {quoted(f"predict_{dataset}")}({given}) as predicted
        where list_contains(?, predicted.segmentation)
        """,
        [chosen],
    )
    return {feature: notes[name] for feature, name in column.items() if notes.get(name)}


def _summary_word(database, found, features) -> str:
    """Return SQL for the word by which a row says that it sums up others, null for a customer.

    Which column tells customers apart is not known here, so in every column that is no feature each word may stand once
    and in the last rows: a name or a category may be the same word.
    """
    words = ", ".join("'" + word.replace("'", "''") + "'" for word in summary_words(database))
    texts = [
        f"column_{number}"
        for number, kept in enumerate(found.types, start=1)
        if kept == "VARCHAR" and f"column_{number}" not in features
    ]
    if not texts or not words:
        return "null"
    word = {name: f"rtrim(lower(trim({name})), ' :.=')" for name in texts}
    counts = rows(
        database,
        "select "
        + ", ".join(
            f"count(case when {word[name]} in ({words}) then 1 end) as {name}_found, "
            f"count(distinct case when {word[name]} in ({words}) then {word[name]} end) as {name}_different, "
            f"coalesce(min(case when {word[name]} in ({words}) then row_number end), 0) as {name}_first"
            for name in texts
        )
        + " from input_rows",
    )[0]
    holding = [
        name
        for name in texts
        if 0 < counts[f"{name}_found"] == counts[f"{name}_different"]
        and counts[f"{name}_first"] > found.count - LAST_ROWS
    ]
    conditions = " ".join(f"when {word[name]} in ({words}) then trim({name})" for name in holding)
    return f"case {conditions} end" if holding else "null"


def _account(database, segmentation, judged, read) -> RowAccount:
    reasons_by_feature = ", ".join(REASON.format(value=f"given_values.{quoted(row['feature'])}") for row in judged)
    counted = rows(
        database,
        f"""
        select
            case
                when broken_line is not null then 'broken line'
                when summary_word is not null then '{SUMMARY_ROW}'
                when problem is not null then concat_ws('; ', {reasons_by_feature})
            end as reason,
            count(*) as found
        from scored_rows
        inner join given_values on scored_rows.row_number = given_values.row_number
        inner join input_rows on scored_rows.row_number = input_rows.row_number
        where segmentation = ?
        group by reason
        order by found desc, reason
        """,
        [*(value for row in judged for value in _reason_parameters(row)), segmentation],
    )
    reasons = {row["reason"]: row["found"] for row in counted if row["reason"] is not None}
    scored = sum(row["found"] for row in counted if row["reason"] is None)
    if scored + sum(reasons.values()) != read:
        raise AssertionError(f"{read} rows were read, {scored} scored and {sum(reasons.values())} not scored")
    return RowAccount(segmentation, read, scored, reasons)


def _reason_parameters(row) -> list:
    label, minimum, maximum = row["label"], row["valid_minimum"], row["valid_maximum"]
    impossible = f"{label} is not possible, expected {minimum:.12g} to {maximum:.12g}"
    return [minimum, maximum, impossible, f"{label} is missing", f"{label} is not a number"]


def _free_name(name, taken) -> str:
    while name in taken:
        name = f"predicted_{name}"
    return name


def _write(database, found, output, raw, notify) -> dict[str, str]:
    taken = {name.lower() for name in found.columns}
    described = rows(
        database,
        "select column_name from duckdb_columns() where table_name = 'scored_rows' order by column_index",
    )
    results = [row["column_name"] for row in described if row["column_name"] != "row_number"]
    renamed = {name: _free_name(name, taken) for name in results if name in taken}
    selected = [f"input_rows.column_{number} as {quoted(name)}" for number, name in enumerate(found.columns, start=1)]
    selected += [f"scored_rows.{quoted(name)} as {quoted(renamed.get(name, name))}" for name in results]
    write_rows(
        database,
        f"""
        select {", ".join(selected)}
        from input_rows
        inner join scored_rows on input_rows.row_number = scored_rows.row_number
        inner join segmentation_fits on scored_rows.segmentation = segmentation_fits.segmentation
        order by input_rows.row_number, segmentation_fits.is_default desc, scored_rows.segmentation
        """,
        output,
        raw=raw,
        notify=notify,
    )
    return renamed
