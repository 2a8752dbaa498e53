"""A lake folder in an object store: its files, and how DuckDB reads them.

A path in the store has those methods of `pathlib.Path` that the lake uses, so that little else asks where the lake is.
DuckDB itself needs an extension to read from a store; here it reads through s3fs, which is a Python package.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from customer_segmentation.errors import InputError

if TYPE_CHECKING:
    from s3fs import S3FileSystem

VARIABLE = "SEGMENTATION_LAKE"
SCHEME = "s3://"
# A view of a lake in a store: the last folder bears the time at which it was written. Other views of a store may need
# DuckDB's own way of reading it, with keys of its own.
OF_A_LAKE = rf"read_parquet\('{SCHEME}.+/\d{{19}}/"
SECONDS_TO_ANSWER = 10
INSTALL = (
    "Run pip install 'warehouse-segmentation[spark-s3]', in a clone of the project pip install --editable "
    "'.[spark,spark-s3]'."
)
KEYS = "the environment variables AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_REGION"


@dataclass(frozen=True)
class ObjectPath:
    """A file or a folder in an object store; a folder is there as long as files are in it.

    Attributes
    ----------
    address : str
        `s3://`, the bucket and the key.
    """

    address: str

    def __str__(self) -> str:
        return self.address

    def __truediv__(self, name: str) -> "ObjectPath":
        return ObjectPath(f"{self.address}/{name}")

    @property
    def name(self) -> str:
        """The last part of the address."""
        return self.address.rpartition("/")[2]

    def mkdir(self, parents: bool = False, exist_ok: bool = False) -> None:
        """Do nothing: a folder comes with its first file."""

    def glob(self, pattern: str) -> "list[ObjectPath]":
        """List what a folder holds as the store has it now; nothing for one that is not there."""
        with _plain_refusals(self):
            try:
                # DuckDB reads by this listing afterwards, and what Spark has written belongs to it
                names = filesystem().ls(self.address, detail=False, refresh=True)
            except FileNotFoundError:
                return []
        found = [ObjectPath(f"{SCHEME}{name}") for name in names]
        # some programs mark a folder by a file without a name
        return [path for path in found if path.name and fnmatchcase(path.name, pattern)]

    def read_text(self, encoding: str = "utf-8") -> str:
        """Return what a small file holds; as with a path, `FileNotFoundError` says that there is none."""
        with _plain_refusals(self, may_be_missing=True):
            return filesystem().cat_file(self.address, timeout=SECONDS_TO_ANSWER).decode(encoding)

    def write_text(self, text: str, encoding: str = "utf-8") -> None:
        """Write a small file."""
        with _plain_refusals(self):
            filesystem().pipe_file(self.address, text.encode(encoding), timeout=SECONDS_TO_ANSWER)


LakePath = Path | ObjectPath


def lake_path(place: str) -> LakePath:
    """Return a path from how a view or the environment writes it."""
    return ObjectPath(place.rstrip("/")) if place.startswith(SCHEME) else Path(place)


def contents(folder: LakePath, pattern: str) -> list[LakePath]:
    """List what a folder holds, in order; nothing for one that is not there."""
    found: list[LakePath] = list(folder.glob(pattern))
    return sorted(found, key=str)


def remove(folder: LakePath) -> None:
    """Delete a folder with all it holds, if it is there."""
    if isinstance(folder, Path):
        shutil.rmtree(folder, ignore_errors=True)
        return
    with _plain_refusals(folder):
        try:
            filesystem().rm(folder.address, recursive=True)
        except FileNotFoundError:
            return
        if kept := filesystem().find(folder.address):  # s3fs does not say which files it could not delete
            raise PermissionError(f"{len(kept):,} files cannot be deleted")


def place_file(file: LakePath, target: Path) -> None:
    """Give a file of the lake a second place, which stays when the first one is deleted."""
    if isinstance(file, ObjectPath):
        with _plain_refusals(file):
            filesystem().get_file(file.address, str(target))
        return
    try:
        os.link(file, target)
    except OSError:  # another disk, or one without links
        shutil.copyfile(file, target)


def register(connection: duckdb.DuckDBPyConnection) -> None:
    """Let a connection, and all others to its database, read the lake where that is an object store.

    Parameters
    ----------
    connection : DuckDBPyConnection
        With all databases attached whose views will be read.

    Raises
    ------
    InputError
        If views show files of a store, and what reads them is not installed.
    """
    # a build without Spark needs no package just because a variable is set
    is_wanted = os.environ.get(VARIABLE, "").startswith(SCHEME) and find_spec("s3fs") is not None
    if not is_wanted:
        shown = "select count(*) from duckdb_views() where regexp_matches(sql, ?)"
        ((views,),) = connection.execute(shown, [OF_A_LAKE]).fetchall()
        is_wanted = views > 0
    if is_wanted and not connection.filesystem_is_registered(SCHEME.partition(":")[0]):
        connection.register_filesystem(filesystem())


@cache
def filesystem() -> "S3FileSystem":
    """Return the file system of the store, opened when it is first asked for.

    Returns
    -------
    S3FileSystem

    Raises
    ------
    InputError
        If s3fs is not installed.
    """
    try:
        from s3fs import S3FileSystem
    except ImportError:
        raise InputError(
            f"The lake is in an object store, and s3fs, which reads it, is not installed. {INSTALL}"
        ) from None
    return S3FileSystem(
        # DuckDB asks for the parts of a file that it needs; read ahead, they would become many times as many bytes
        default_cache_type="none",
        config_kwargs={"connect_timeout": SECONDS_TO_ANSWER},
        client_kwargs={"region_name": os.environ.get("AWS_REGION")},  # Sail's name for it, which s3fs does not know
        skip_instance_cache=True,
    )


@contextmanager
def _plain_refusals(path: ObjectPath, *, may_be_missing: bool = False) -> Iterator[None]:
    """Say in one sentence why the store does not do what it is asked."""
    filesystem()  # without it, there are no exceptions to import either
    from botocore.exceptions import BotoCoreError, HTTPClientError, NoCredentialsError, PartialCredentialsError

    bucket = path.address.removeprefix(SCHEME).partition("/")[0]
    try:
        yield
    except FileNotFoundError as error:
        if may_be_missing:
            raise
        raise InputError(
            f"{path} cannot be written, because there is no bucket {bucket}. Create it, or name another in {VARIABLE}. "
            f"The object store says: {error}"
        ) from None
    except PermissionError as error:
        raise InputError(
            f"The object store refuses {path}: {error}. Expected a key that may list, read, write and delete there: "
            f"check {KEYS}, and the policy of the bucket."
        ) from None
    except (NoCredentialsError, PartialCredentialsError) as error:
        raise InputError(f"The object store at {path} needs a key: {error}. Set {KEYS}.") from None
    except (TimeoutError, HTTPClientError) as error:
        reason = f" ({error})" if str(error) else ""
        raise InputError(
            f"No object store answers for {path} within {SECONDS_TO_ANSWER} seconds{reason}. {_where()}, or start it."
        ) from None
    except (OSError, ValueError, BotoCoreError) as error:
        raise InputError(f"{path} cannot be reached: {error}. Correct {VARIABLE}. {_where()}.") from None


def _where() -> str:
    server = os.environ.get("AWS_ENDPOINT_URL")
    return f"AWS_ENDPOINT_URL is {server}: correct it" if server else "For another store than AWS, set AWS_ENDPOINT_URL"
