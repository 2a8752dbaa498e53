"""What the tools of an assistant answer, as objects that JSON has words for."""

from collections.abc import Mapping
from typing import Any

from customer_segmentation.assistant.bounded_query import bounded_query
from customer_segmentation.assistant.reading import ASK_FOR_CUSTOMERS, Reader
from customer_segmentation.errors import NotPossibleError
from customer_segmentation.formatting import capitalised
from customer_segmentation.publication.database import known, rows
from customer_segmentation.scoring.explanation import prediction_lines
from customer_segmentation.scoring.predict import datasets, predictions

TABLES = """
    select
        table_name as "table", table_group as "group", grain, key_columns as "key", description, row_count as "rows",
        is_start_here as start_here
    from published_tables
    order by is_start_here desc, table_group, table_name
"""
COLUMNS = """
    select column_name as "column", data_type as "type", comment as description
    from duckdb_columns()
    where database_name = current_database() and schema_name = 'main' and table_name = ?
    order by column_index
"""
FEATURES = "_customer_features"


class Answers:
    """Answer the questions of one assistant, and tell it when a newer publication took the place of the last one.

    Parameters
    ----------
    reader : Reader
        Opens the publication.
    most_rows : int
        How many rows an answer has at most.
    seconds : float
        How long a query may take.
    """

    def __init__(self, reader: Reader, *, most_rows: int, seconds: float) -> None:
        self._reader = reader
        self._most_rows = most_rows
        self._seconds = seconds
        self._last_build: str | None = None

    def list_tables(self) -> dict[str, Any]:
        """Return the tables, those to begin with first."""
        with self._reader.tables() as (database, notices):
            answer = {"tables": rows(database, TABLES)}
            if not self._reader.shows_customers:
                notices = [
                    *notices,
                    "Tables with rows about single customers are left out, and what is known of few customers is "
                    f"rounded or empty. To see everything, {ASK_FOR_CUSTOMERS}.",
                ]
            return self._of_publication(database, answer, notices)

    def describe_table(self, table: str) -> dict[str, Any]:
        """Return what a table holds.

        Parameters
        ----------
        table : str
            Its name.

        Returns
        -------
        dict
            The row of `list_tables`, and `columns` with types, descriptions and, for features of customers, units.

        Raises
        ------
        NotPossibleError
            If there is no such table.
        """
        with self._reader.tables() as (database, notices):
            described = {row["table"]: row for row in rows(database, TABLES)}
            found = described[known(table, described, "table")]
            units = _units(database, table.removesuffix(FEATURES)) if table.endswith(FEATURES) else {}
            columns = [
                row | ({"unit": units[row["column"]]} if units.get(row["column"]) else {})
                for row in rows(database, COLUMNS, [table])
            ]
            return self._of_publication(database, {**found, "columns": columns}, notices)

    def query(self, sql: str) -> dict[str, Any]:
        """Return the rows of one SELECT.

        Parameters
        ----------
        sql : str
            The query.

        Returns
        -------
        dict
            `columns`, `rows` and, if rows are missing, `note`.

        Raises
        ------
        NotPossibleError
            As `bounded_query`.
        """
        with self._reader.tables() as (database, notices):
            found = bounded_query(database, sql, most_rows=self._most_rows, seconds=self._seconds)
            answer = {"columns": found.columns, "rows": found.rows}
            return self._of_publication(database, answer, [*notices, *([found.note] if found.note else [])])

    def predict(self, dataset: str, figures: Mapping[str, Any], segmentation: str | None = None) -> dict[str, Any]:
        """Return the segment of one customer, as the command `segmentation predict --json` does.

        Parameters
        ----------
        dataset : str
            The dataset whose segments are asked about.
        figures : mapping of str to Any
            Numbers or texts by feature.
        segmentation : str, optional
            Only this one.

        Returns
        -------
        dict
            `dataset`, `is_synthetic`, `given` and `predictions`; `in_words` says each of them in sentences.

        Raises
        ------
        NotPossibleError
            If a name is not known, or no segmentation can place the customer: then the message says what is missing.
        """
        with self._reader.scoring(dataset) as database:
            found = predictions(database, dataset, figures, segmentation)
            is_synthetic = datasets(database)[dataset]
            if all(row["problem"] is not None for row in found):
                raise NotPossibleError(" ".join(f"{capitalised(row['problem'])}." for row in _unlike(found)))
            told = [
                row
                | {"in_words": [f"{word}: {text}" for word, text in prediction_lines(row, is_synthetic=is_synthetic)]}
                for row in found
            ]
            answer = {"dataset": dataset, "is_synthetic": is_synthetic, "given": dict(figures), "predictions": told}
            return self._of_publication(database, answer, [])

    def _of_publication(self, database, answer, notices) -> dict[str, Any]:
        """Say beside an answer which publication it is from, and that it is another one than before."""
        found = rows(database, "select * from published_tables order by all limit 1")[0]
        build, published_at = found.get("build_id"), f"{found['published_at']:%Y-%m-%d %H:%M:%S} UTC"
        if self._last_build not in (None, build or published_at):
            notices = [
                "A newer publication has replaced the one that earlier answers are from: ask again for what must "
                "agree with this one.",
                *notices,
            ]
        self._last_build = build or published_at
        return answer | {"published_at": published_at, "build_id": build} | ({"notices": notices} if notices else {})


def _unlike(found) -> list[dict[str, Any]]:
    """Return one prediction for each problem: segmentations that miss the same figure say so once."""
    return list({row["problem"]: row for row in found}.values())


def _units(database, dataset) -> dict[str, str]:
    found = rows(
        database, "select distinct feature, unit from prediction_features where dataset = ? order by all", [dataset]
    )
    return {row["feature"]: row["unit"] for row in found}
