"""Numbers as people write them: what a comma or a sign means is decided by all values of a column, as in the inputs."""

from collections.abc import Mapping, Sequence
from typing import Any

import duckdb

from customer_segmentation.errors import NotPossibleError
from customer_segmentation.inputs.notation import number_questions, number_reading, number_text, sign_query
from customer_segmentation.language import _, translatable
from customer_segmentation.publication.database import quoted, rows
from customer_segmentation.publication.retelling import retold

# what `inputs.notation` leaves open, and the ways out
QUESTIONS = (
    translatable("whether its comma marks decimals or thousands"),
    translatable("what '{sign}' means, which {count} of {total} values carry"),
    translatable("what its numbers count in: {first} and {second}"),
)
CARRIED = (
    translatable("1 value carries no sign (such as {example})"),
    translatable("{count} values carry no sign (such as {example})"),
    translatable("1 value carries {sign} (such as {example})"),
    translatable("{count} values carry {sign} (such as {example})"),
)
WAYS_OUT = (
    translatable("Write numbers with a decimal point and without separators between thousands"),
    translatable(
        "If it is no part of the number, add it to seeds/judgement/input_notations.csv as a sign, or as a unit with "
        "its factor; or write the numbers without it"
    ),
    translatable("Write all values in one unit or currency, with its sign beside each or beside none"),
)


def notation_words(database: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """Return the signs, units and words that the publication knows.

    Returns
    -------
    list of dict
        Rows of `accepted_notations`.
    """
    return rows(
        database,
        "select kind, column_name, written, means, factor from accepted_notations order by kind, column_name, written",
    )


def number_texts(
    database: duckdb.DuckDBPyConnection,
    relation: str,
    columns: Mapping[str, Mapping[str, Any]],
    parameters: Sequence = (),
    *,
    is_spreadsheet: bool = False,
) -> tuple[dict[str, str], dict[str, list[str]]]:
    """Return SQL that writes the numbers of each column with a decimal point alone, in the unit of its feature.

    What is no number stays as it is, for whoever reads it to say so.

    Parameters
    ----------
    database : DuckDBPyConnection
        A published database that has the relation, too.
    relation : str
        A table or a query in brackets.
    columns : mapping of str to mapping
        By name of the column `called` (for a message), `feature`, `unit`, `is_text`, and `header`: what
        `header_readings` found in its name, or None.
    parameters : sequence
        Values of the parameters of the relation.
    is_spreadsheet : bool
        Whether the values come from a spreadsheet, which shows its numbers with a point whatever its texts do.

    Returns
    -------
    texts : dict of str to str
        SQL expressions by column.
    notes : dict of str to list of str
        How a column was read that is not plain, in words, by column.

    Raises
    ------
    NotPossibleError
        If a column leaves open what its values mean.
    """
    if not columns:
        return {}, {}
    words = notation_words(database)
    text = {column: f"nullif(trim(cast({quoted(column)} as varchar)), '')" for column in columns}
    questions = {
        f"{name} {column}": question
        for column, asked in columns.items()
        if asked["is_text"]
        for name, question in number_questions(text[column]).items()
    }
    selected = ", ".join(f"{question} as {quoted(name)}" for name, question in questions.items()) or "1"
    found = rows(database, f"select {selected} from {relation}", parameters)[0]
    written, notes = {}, {}
    for column, asked in columns.items():
        seen = {name: found.get(f"{name} {column}") for name in number_questions("")}
        signs = rows(database, sign_query(text[column], relation), parameters) if seen["dressed"] else []
        reading = number_reading(
            seen,
            signs,
            words,
            column=asked["feature"],
            unit=asked["unit"],
            header=asked["header"],
            is_spreadsheet=is_spreadsheet,
        )
        if reading["problem"]:
            problem = reading["problem"]
            raise NotPossibleError(
                _(
                    "{column}: found '{example}', which leaves open {question}. {way_out}.",
                    column=asked["called"], example=problem["example"],
                    question=retold(
                        problem["question"], QUESTIONS, verbatim=("sign", "example"), first=CARRIED, second=CARRIED
                    ),
                    way_out=_(problem["way_out"]),
                )
            )  # fmt: skip
        written[column] = _written(reading, text[column])
        notes[column] = reading["notes"]
    return written, notes


def _written(reading, text) -> str:
    plain = reading["undressed"].replace("{text}", f"({text})") if reading["undressed"] else text
    number = number_text(plain, reading["comma"], reading["points"])
    if reading["undressed"]:
        # what is no number is shown as it came
        number = f"coalesce({number}, {text} || ' (another sign than the others)')"
    if not reading["scale"]:
        return number
    scaled = reading["scale"].replace("{number}", f"try_cast({number} as double)").replace("{text}", f"({text})")
    return f"coalesce(cast({scaled} as varchar), {number})"


def summary_words(database: duckdb.DuckDBPyConnection) -> list[str]:
    """Return the words that make a row a summary of others, in lower case."""
    return [word["written"].lower() for word in notation_words(database) if word["kind"] == "summary"]
