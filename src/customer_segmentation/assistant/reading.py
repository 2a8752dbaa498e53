"""The publication that is there now, opened for the questions of an assistant.

What an assistant reads goes to a language model, which mostly runs on machines of somebody else. So unless asked for
more it reads the copy that may leave the house, and of that only tables without rows about single customers.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from customer_segmentation.assistant.bounded_query import confine
from customer_segmentation.errors import NotPossibleError
from customer_segmentation.publication.database import (
    Identity,
    errors_explained,
    identity,
    known,
    open_published,
    quoted,
    rows,
)
from customer_segmentation.publication.large_tables import FOLDER
from customer_segmentation.publication.outgoing import OutgoingPublication

ATTEMPTS = 5  # to copy a file that is replaced while it is copied
ASK_FOR_CUSTOMERS = "start the server with `segmentation mcp --customers`, which shows everything to the assistant"


class Reader:
    """Open the published database for one question at a time, always the one that bears the name now.

    Parameters
    ----------
    published : Path
        The published database.
    shows_customers : bool
        Whether the assistant may see single customers.
    """

    def __init__(self, published: Path, *, shows_customers: bool = False) -> None:
        self.published = published
        self.shows_customers = shows_customers
        # Within one process, DuckDB goes on reading a file that was replaced as long as any connection to it is open.
        self._one_at_a_time = threading.Lock()
        self._copied: Identity | None = None
        self._copy: duckdb.DuckDBPyConnection | None = None

    @contextmanager
    def tables(self) -> Iterator[tuple[duckdb.DuckDBPyConnection, list[str]]]:
        """Open the tables that the assistant may read.

        Yields
        ------
        database : DuckDBPyConnection
            A connection that reads these tables and nothing else.
        notices : list of str
            What the assistant should know about the publication.

        Raises
        ------
        NotPossibleError
            If there is no publication, or none that this version of the project can read.
        """
        with self._one_at_a_time:
            if self.shows_customers:
                with self._opened() as (database, notices):
                    yield database, notices
            else:
                with errors_explained(self.published):
                    yield self._protected(), []

    @contextmanager
    def scoring(self, dataset: str) -> Iterator[duckdb.DuckDBPyConnection]:
        """Open what scores customers of a dataset.

        Parameters
        ----------
        dataset : str
            The dataset.

        Yields
        ------
        DuckDBPyConnection

        Raises
        ------
        NotPossibleError
            As `tables`, and if scores would tell figures of single customers.
        """
        with self._one_at_a_time, self._opened() as (database, _):
            described = {row["dataset"]: row for row in rows(database, "from datasets order by dataset")}
            # what is not said protects
            is_protected = described[known(dataset, described, "dataset")].get("smallest_cell") != 1
            if is_protected and not self.shows_customers:
                raise NotPossibleError(
                    f"Scores of {dataset} tell the least and greatest figures of its customers. To let the assistant "
                    f"score, {ASK_FOR_CUSTOMERS}."
                )
            yield database

    @contextmanager
    def _opened(self) -> Iterator[tuple[duckdb.DuckDBPyConnection, list[str]]]:
        notices: list[str] = []
        with open_published(self.published, notify=notices.append) as database:
            confine(database, folders=[self.published.parent / FOLDER])
            yield database, [notice for notice in notices if notice]

    def _protected(self) -> duckdb.DuckDBPyConnection:
        """Return the copy of the publication that is there now; it is made once."""
        found = identity(self.published)
        if self._copy is not None and found == self._copied:
            return self._copy
        for _ in range(ATTEMPTS):
            found = identity(self.published)
            comments = self._comments()
            database = OutgoingPublication(self.published).without_customers()
            if identity(self.published) == found:
                break
            database.close()
        else:
            raise NotPossibleError(f"{self.published} keeps changing. Wait until the build ends.")
        _describe(database, comments)
        confine(database)
        if self._copy is not None:
            self._copy.close()
        self._copied, self._copy = found, database
        return database

    def _comments(self) -> list[dict]:
        with open_published(self.published, notify=lambda notice: None) as published:
            return rows(
                published,
                """
                select table_name, column_name, comment from duckdb_columns()
                where database_name = current_database() and schema_name = 'main' and comment is not null
                """,
            )


def _describe(database, comments) -> None:
    """Give the columns of a copy their descriptions."""
    kept = rows(database, "select table_name, column_name from duckdb_columns() where not internal")
    names = {(row["table_name"], row["column_name"]) for row in kept}
    for row in comments:
        if (row["table_name"], row["column_name"]) in names:
            column = f"{quoted(row['table_name'])}.{quoted(row['column_name'])}"
            text = row["comment"].replace("'", "''")
            database.execute(f"comment on column {column} is '{text}'")
