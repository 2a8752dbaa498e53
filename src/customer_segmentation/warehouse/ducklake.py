"""Attaching a DuckLake: what goes wrong is said in plain words, and folders that others would not find are refused."""

import re
from pathlib import Path
from typing import Any

import duckdb

from customer_segmentation.errors import InputError

CATALOGUE, FILES = "SEGMENTATION_DUCKLAKE", "SEGMENTATION_DUCKLAKE_DATA"
EXPECTED = (
    f"Expected in {CATALOGUE} a file such as warehouse.ducklake, `sqlite:` and a file, or `postgres:` and a connection"
)

SCHEME = re.compile("(?i)ducklake:")
SEVERAL_MACHINES = re.compile("(postgres|mysql):")
PASSWORD = re.compile(r"(password=)('[^']*'|\S+)|(://[^:/@\s]+:)[^@\s]+(?=@)")
MISSING_EXTENSION = re.compile(r'Failed to download extension "(\w+)"|/(\w+)\.duckdb_extension" not found')
OTHER_FILES = re.compile(r'DATA_PATH parameter "([^"]*)" does not match existing data path in the catalog "([^"]*)"')


def is_ducklake(attachment: Any) -> bool:
    """Return whether an attached database of the profile is a DuckLake."""
    return SCHEME.match(attachment.path) is not None


def attach(connection: duckdb.DuckDBPyConnection, attachment: Any) -> None:
    """Attach a DuckLake, as dbt-duckdb would do next.

    Parameters
    ----------
    connection : DuckDBPyConnection
        Connection of the build.
    attachment : Attachment
        What dbt-duckdb has read from `attach` in the profile.

    Raises
    ------
    InputError
        If it cannot be attached, with what was found, the reason and the way out.
    """
    catalogue = SCHEME.sub("", attachment.path, count=1)
    files = str((attachment.options or {}).get("data_path") or "")
    if SEVERAL_MACHINES.match(catalogue) and files and "://" not in files and not Path(files).is_absolute():
        raise InputError(
            f"The files of a DuckLake whose catalogue is on a server would lie in '{files}', relative to where dbt was "
            f"started: others would not find them. Set {FILES} to an absolute path that all of them reach."
        )
    try:
        connection.execute(attachment.to_sql())
    except duckdb.Error as error:
        raise InputError(explain(catalogue, str(error))) from None


def explain(catalogue: str, error: str) -> str:
    """Say in plain words why a DuckLake could not be attached.

    Parameters
    ----------
    catalogue : str
        The catalogue, without `ducklake:`.
    error : str
        Message of DuckDB.

    Returns
    -------
    str
        What was found, what was expected and the way out, without passwords.
    """
    shown = _without_password(catalogue)
    said = f"DuckDB says: {_without_password(error).strip()}"
    missing = MISSING_EXTENSION.search(error)
    other = OTHER_FILES.search(error)
    if missing and "Candidate extensions" in error:
        return f"The DuckLake catalogue is '{shown}', of a kind that DuckDB does not know. {EXPECTED}. {said}"
    if missing:
        return (
            f"The DuckLake needs DuckDB's extension {missing[1] or missing[2]}, which is not installed for DuckDB "
            f"{duckdb.__version__} and could not be downloaded. docs/ducklake.md says how to install it from a package "
            f"index, and for which DuckDB. {said}"
        )
    if other:
        return (
            f"The DuckLake {shown} has its files in '{other[2]}', not in '{other[1]}'. Set {FILES} to '{other[2]}', or "
            f"name a catalogue that does not exist yet in {CATALOGUE}."
        )
    if "Could not set lock" in error or "being used by another process" in error:
        return (
            f"{shown} is in use by another process. A DuckLake whose catalogue is a DuckDB file has one user at a "
            f"time: wait, or use a catalogue in SQLite or Postgres (docs/ducklake.md). {said}"
        )
    if "No such file or directory" in error or "unable to open database file" in error:
        return f"The folder of the DuckLake catalogue {shown} does not exist. Create it, or name another. {said}"
    return f"The DuckLake catalogue {shown} cannot be opened. {EXPECTED}. {said}"


def _without_password(text: str) -> str:
    return PASSWORD.sub(r"\1\3***", text)
