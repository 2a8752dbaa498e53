"""Read the published database: each query opens the file and lets it go, so that a newer publication takes its place.

Within one process DuckDB answers from the file that was opened first for as long as any connection to it lives, even
after another file took its name. So there is one connection at a time, and none between queries.
"""

import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import duckdb
import pandas as pd
import streamlit as st

from customer_segmentation.errors import NotPossibleError
from customer_segmentation.language import _, used
from customer_segmentation.publication.database import Identity, connected, errors_explained, published_path
from customer_segmentation.publication.database import identity as database_identity
from customer_segmentation.publication.folder import disagreement
from customer_segmentation.publication.formulas import safe_query
from customer_segmentation.publication.tables import Publication
from customer_segmentation.temporary_files import spill_folder

ATTEMPTS = 5  # to read a file that is replaced while it is read

_one_connection = threading.Lock()


class _ReplacedError(Exception):
    """The file is no longer the one that was asked for."""


def identity() -> Identity | None:
    """Return what tells the published file from another one, or None if there is no file."""
    return database_identity(published_path())


def rows(sql: str, parameters: Sequence = ()) -> pd.DataFrame:
    """Return the rows of a query on the published database, from memory if the file is still the same.

    Parameters
    ----------
    sql : str
        One query, with `?` for each parameter.
    parameters : sequence
        Values of the parameters.

    Returns
    -------
    DataFrame
        A copy that may be changed.

    Raises
    ------
    NotPossibleError
        If there is no file, if it cannot be read, or if it lacks a table or a column.
    """
    for __ in range(ATTEMPTS):
        path, file = str(published_path()), identity()
        try:
            return _rows(path, file, sql, tuple(parameters))
        except _ReplacedError:
            continue
    raise NotPossibleError(_("{path} keeps changing. Wait until the build ends.", path=published_path()))


def csv(sql: str, parameters: Sequence) -> bytes:
    """Return the rows of a query as a file; DuckDB writes it, none becomes an object of Python.

    A text that a spreadsheet would run as a formula gets an apostrophe in front. The file is read whole: Streamlit
    keeps what is downloaded in memory, whatever it is handed.

    Parameters
    ----------
    sql : str
        One query, with `?` for each parameter.
    parameters : sequence
        Values of the parameters.

    Returns
    -------
    bytes
        The content of the file.

    Raises
    ------
    NotPossibleError
        As `rows`.
    """
    with tempfile.TemporaryDirectory(prefix=f"{spill_folder().name}.") as folder:
        file = Path(folder) / "rows.csv"
        with _connected(str(published_path())) as database:
            safe, __ = safe_query(database, sql, parameters)
            database.sql(safe, params=list(parameters)).write_csv(str(file), header=True)
        return file.read_bytes()


@contextmanager
def database() -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the published database for what a visitor asks about one customer, which is not remembered.

    Yields
    ------
    DuckDBPyConnection
        The only connection: within the block nothing else of this module can be asked.

    Raises
    ------
    NotPossibleError
        As `rows`.
    """
    with _connected(str(published_path())) as opened:
        yield opened


@st.cache_data(show_spinner=False, max_entries=300)
def _rows(file_path: str, file: Identity | None, sql: str, parameters: tuple) -> pd.DataFrame:
    with _connected(file_path) as database:
        found = database.execute(sql, list(parameters)).df()
        # What was read may come from the next file already: it must not be remembered as that of this one.
        if identity() != file:
            raise _ReplacedError
    return found


@contextmanager
def _connected(file_path: str) -> Iterator[duckdb.DuckDBPyConnection]:
    with _one_connection, errors_explained(file_path), connected(file_path) as database:
        yield database


class Published(Publication):
    """The publication as report and slides know it, read query by query."""

    def __init__(self) -> None:
        super().__init__(published_path())

    def _open(self) -> None:
        self.frame("select table_name from published_tables")
        with database() as opened:
            self.disagreement = disagreement(published_path(), opened)

    def frame(self, sql: str, parameters: Sequence = ()) -> pd.DataFrame:
        """Return the rows of a query, as `rows` does."""
        return rows(sql, parameters)

    def customers_by_features(self, segmentation: str, dataset: str, features: list[str], most: int) -> pd.DataFrame:
        """Return customers as a publication does, each with the address of the page that tells more."""
        return _addressed(super().customers_by_features(segmentation, dataset, features, most), segmentation)

    def customers_by_components(self, segmentation: str, most: int | None = None) -> pd.DataFrame:
        """Return customers as a publication does, each with the address of the page that tells more."""
        return _addressed(super().customers_by_components(segmentation, most), segmentation)

    def __exit__(self, *_: object) -> None:
        pass  # there is no connection to close


def _addressed(customers, segmentation) -> pd.DataFrame:
    if customers.empty:
        return customers
    page = f"customer?{urlencode({'segmentation': segmentation})}&"
    return customers.assign(address=[page + urlencode({"customer": one}) for one in customers["customer_id"]])


class _Run(threading.local):
    """What a run of a page has opened: Streamlit runs each in one thread."""

    opened: Published | None = None
    of: tuple | None = None


_run = _Run()


def start_over() -> None:
    """Begin a run of a page: the files beside the database are looked at again."""
    _run.of = None


def publication() -> Published:
    """Return the publication that is there now; one run of a page opens it once.

    Returns
    -------
    Published

    Raises
    ------
    NotPossibleError
        If there is none, or none that this version of the project can read.
    """
    now = (published_path(), identity(), used().locale)
    if _run.opened is None or _run.of != now:
        _run.opened, _run.of = Published(), now
    return _run.opened


def fit_of(segmentation: str) -> dict:
    """Return the row of `segmentation_fits` of a segmentation, with `is_synthetic`."""
    fits = publication().fits()
    return fits[fits["segmentation"] == segmentation].iloc[0].to_dict()


def published_at() -> pd.Timestamp:
    """Return when the data was published, UTC."""
    return rows("select max(published_at) as published_at from published_tables")["published_at"].iloc[0]
