"""The databases of a dbt project as its profile names them: the warehouse, and what is attached to it."""

import os
from argparse import Namespace
from pathlib import Path
from typing import Any

import duckdb

from customer_segmentation.errors import NotPossibleError
from customer_segmentation.object_store import register
from customer_segmentation.publication.database import quoted


class Warehouse:
    """The databases of a dbt project.

    Parameters
    ----------
    root : Path
        Root of the project.

    Raises
    ------
    NotPossibleError
        If dbt cannot read the profile, or it is not one of DuckDB.
    """

    def __init__(self, root: Path):
        self.root = root
        self.credentials = _credentials(root)
        self._attached = {one.alias: one.path for one in self.credentials.attach or [] if one.alias}

    def __str__(self):
        others = [alias for alias in self._attached if alias != self.credentials.database]
        return f"the warehouse {self.path}" + (f" (attached: {', '.join(others)})" if others else "")

    @property
    def path(self) -> str:
        """Where the tables of the project are: the file of the profile, or what is attached as its database."""
        return self._attached.get(self.credentials.database, self.credentials.path)

    def attach(self, database: duckdb.DuckDBPyConnection, name: str | None) -> str:
        """Attach one of the databases to a connection, for reading.

        Parameters
        ----------
        database : DuckDBPyConnection
            The connection.
        name : str or None
            Name of the database; that of the warehouse itself if it is None.

        Returns
        -------
        str
            Its name in the connection.

        Raises
        ------
        NotPossibleError
            If it does not exist, or is in use.
        """
        alias = name or self.credentials.database
        path = self.path if alias == self.credentials.database else self._attached.get(alias)
        if path is None:
            raise NotPossibleError(
                f"There is no database {name} in {self}. Attach it in the profile, or correct the name."
            )
        file = self.root / path
        if ":" not in path and not file.is_file():
            raise NotPossibleError(
                f"The database {path} does not exist. Run `dbt build` first, correct the path in the profile, or name "
                "a file of customers."
            )
        try:
            database.execute(f"attach {sql_text(path if ':' in path else str(file))} as {quoted(alias)} (read_only)")
        except duckdb.IOException as error:
            if "lock" in str(error).lower():
                raise NotPossibleError(
                    f"{path} is in use by another program. Try again when that program ends."
                ) from None
            raise
        register(database)
        return alias


def _credentials(root) -> Any:
    """Let dbt read the profile: the file, the target and the environment variables that it would use for a build."""
    from dbt.config.runtime import load_profile
    from dbt.flags import set_from_args
    from dbt_common.context import set_invocation_context
    from dbt_common.exceptions import DbtBaseException

    folder = os.environ.get("DBT_PROFILES_DIR") or (
        str(root) if (root / "profiles.yml").is_file() else str(Path.home() / ".dbt")
    )
    set_invocation_context(dict(os.environ))
    set_from_args(Namespace(PROFILES_DIR=folder), None)
    try:
        profile = load_profile(
            str(root),
            {},
            profile_name_override=os.environ.get("DBT_PROFILE"),
            target_override=os.environ.get("DBT_TARGET"),
        )
    except DbtBaseException as error:
        message = " ".join(str(error).split())
        raise NotPossibleError(
            f"dbt cannot read the profile of this project in {folder}: {message}. Check it with `dbt debug`."
        ) from None
    if profile.credentials.type != "duckdb":
        raise NotPossibleError(
            f"The profile in {folder} names a database of type {profile.credentials.type}. Expected duckdb: this "
            "project builds in DuckDB. Choose such a target with the environment variable DBT_TARGET."
        )
    return profile.credentials


def sql_text(text: str) -> str:
    """Write a text in SQL.

    Examples
    --------
    >>> sql_text("it's")
    "'it''s'"
    """
    return "'" + text.replace("'", "''") + "'"
