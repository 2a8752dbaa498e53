"""Find out how an input file has to be read, or say in plain words why it cannot be read.

Files of customers come with every separator, encoding and disguise. What is decided here is only how to read a file;
what its columns mean is decided by the seed `input_synonyms`, and what its values are worth by staging.
"""

import csv
import glob
import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from difflib import get_close_matches
from pathlib import Path

import duckdb

from customer_segmentation.errors import InputError, UnreadableError
from customer_segmentation.inputs.text_files import LINE, PROBLEM, inspect_text
from customer_segmentation.inputs.workbooks import read_workbook
from customer_segmentation.language import _, translatable
from customer_segmentation.object_store import LakePath, register

FORMATS = {
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".csv.gz": "csv",
    ".tsv.gz": "csv",
    ".txt.gz": "csv",
    ".parquet": "parquet",
    ".xlsx": "xlsx",
}
RESERVED = {PROBLEM, LINE, "input_row_number"}

OF_SPARK = "spark:"
POINTER = "a pointer of a large-file store; the data itself was not fetched"

# What a file really is, by how it begins.
SIGNATURES = [
    (
        b"version https://git-lfs",
        translatable("a pointer of a large-file store; the data itself was not fetched (try `git lfs pull`)"),
    ),
    (
        b"/annex/objects",
        translatable("a pointer of a large-file store; the data itself was not fetched (try `git annex get`)"),
    ),
    (b"PK\x03\x04", translatable("a zip archive or a spreadsheet")),
    (b"\xd0\xcf\x11\xe0", translatable("a spreadsheet of the old kind (.xls)")),
    (b"PAR1", translatable("a Parquet file")),
    (b"\x1f\x8b", translatable("a gzip archive")),
    (b"%PDF", translatable("a PDF document")),
    (b"SQLite format 3", translatable("a SQLite database")),
]
WAYS_OUT = {
    "a zip archive or a spreadsheet": translatable("If it is a spreadsheet, name it .xlsx; unpack an archive."),
    "a spreadsheet of the old kind (.xls)": translatable("Save it as .xlsx or .csv."),
    "a Parquet file": translatable("Name it .parquet."),
    "a gzip archive": translatable("Name it .csv.gz, or unpack it."),
}


@dataclass(frozen=True)
class FileToRead:
    """How one file has to be read.

    Attributes
    ----------
    path : str
        The file that was named.
    format : str
        `csv`, `parquet` or `xlsx`.
    columns : list of str
        Names in the header line, in order.
    reader : str
        The table function of DuckDB that reads it, as SQL. It has the columns of the file.
    record_count : int
        Records of the file, counted without the reader. Lines that are no record count as well.
    has_broken_lines : bool
        Whether there are such lines: the reader then has the columns `PROBLEM` and `LINE` too, which are filled for
        them alone.
    note : str
        What was decided about the file that its reader should know; empty if nothing.
    """

    path: str
    format: str
    columns: list[str]
    reader: str
    record_count: int
    has_broken_lines: bool = False
    note: str = ""


def inspect_input(location: str, folder: str | Path, database: str = "") -> str:
    """Describe how the files at a location have to be read. Registered as a SQL function for the reader's macros.

    Parameters
    ----------
    location : str
        A file or a glob, relative to the current directory or absolute. `file.xlsx#Sheet` names a sheet of a workbook,
        `spark:schema.table` or `spark:delta./folder` a table that Spark knows.
    folder : str or Path
        Where files that DuckDB cannot read as they are may be written again; created when it is needed.
    database : str, optional
        The database file, for tables of Spark.

    Returns
    -------
    str
        JSON: `files`, a list of `FileToRead`, or `problem`, a sentence with what was found, what was expected and the
        way out.
    """
    try:
        name, sheet = _sheet_named(location)
        if name.startswith(OF_SPARK):
            files = [_inspect_parquet(path) for path in _files_of_spark(name, database)]
        else:
            paths = _matching_files(name)
            for place in {path.parent for path in paths if path.suffix.lower() == ".parquet"}:
                _stop_at_table(place)
            files = [_inspect(path, sheet, Path(folder)) for path in paths]
        _check_together(files)
    except UnreadableError as error:
        return json.dumps({"problem": str(error)})
    return json.dumps({"files": [asdict(file) for file in files]})


def _sheet_named(location: str) -> tuple[str, str | None]:
    name, mark, sheet = location.rpartition("#")
    is_sheet = mark and name.lower().endswith(".xlsx") and not Path(location).expanduser().exists()
    return (name, sheet) if is_sheet else (location, None)


def _files_of_spark(location: str, database: str) -> Sequence[LakePath]:
    try:
        # needs what the extra `spark` installs
        from customer_segmentation.spark.inputs import files_of_table

        return files_of_table(location.removeprefix(OF_SPARK), database)
    except InputError as error:
        raise UnreadableError(str(error)) from None


def _matching_files(location: str) -> list[Path]:
    expanded = str(Path(location).expanduser())
    if Path(expanded).is_dir():
        _stop_at_table(Path(expanded))
        raise UnreadableError(f"{location} is a folder, expected a file. Name its files with a glob, {location}/*.csv.")
    if Path(expanded).is_file():
        return [Path(expanded)]
    if Path(expanded).exists():
        raise UnreadableError(
            f"{location} is not a regular file: it can be read only once. Save what it holds as a file, for "
            "example customers.csv, and name that."
        )
    found = sorted(Path(name) for name in glob.glob(expanded, recursive=True) if Path(name).is_file())
    if found:
        return found
    if glob.has_magic(expanded):
        raise UnreadableError(
            f"no file matches {location} (looked from {Path.cwd()}). Correct the pattern; `**` also looks below."
        )
    raise UnreadableError(f"the file {location} does not exist{_suggestion(Path(expanded))}. Correct the path.")


def _stop_at_table(folder: Path) -> None:
    """Refuse a folder of a Delta or Iceberg table: files with rows that were deleted or replaced are still there."""
    for place in (folder.absolute(), *folder.absolute().parents):
        kind = "delta" if (place / "_delta_log").is_dir() else "iceberg" if _has_iceberg_metadata(place) else None
        if kind:
            raise UnreadableError(
                f"{folder} holds files of the {kind.capitalize()} table {place}, some of which may have rows that were "
                f"deleted or replaced. Name the table, spark:{kind}.{place}, and build with the target spark; or "
                "export its rows to a Parquet file elsewhere."
            )


def _has_iceberg_metadata(folder: Path) -> bool:
    return any((folder / "metadata").glob("*.metadata.json"))


def _suggestion(missing: Path) -> str:
    if not missing.parent.is_dir():
        return f" (and there is no folder {missing.parent}; looked from {Path.cwd()})"
    # a link whose target is gone bears the very name
    others = [file.name for file in missing.parent.iterdir() if file.name != missing.name]
    close = get_close_matches(missing.name, others, n=1)
    return f"; did you mean {missing.parent / close[0]}?" if close else f" (looked from {Path.cwd()})"


def _inspect(path: Path, sheet: str | None, folder: Path) -> FileToRead:
    try:
        with path.open("rb") as file:
            start = file.read(512)
    except OSError as error:
        raise UnreadableError(f"{path} cannot be read: {error.strerror}. Check its permissions.") from None
    kind = _format_by_name(path)
    if not start:
        raise UnreadableError(_("{path} is empty. Expected a header line and at least one row.", path=path))
    gzipped = path.suffix == ".gz"
    expected = {"csv": b"\x1f\x8b" if gzipped else None, "parquet": b"PAR1", "xlsx": b"PK\x03\x04"}[kind]
    found = next((words for signature, words in SIGNATURES if start.startswith(signature)), None)
    if expected is None or not start.startswith(expected):
        _complain_about_disguise(path, found, start)
    if expected is not None and not start.startswith(expected):
        raise UnreadableError(
            _(
                "{path} is not what its name claims: it looks like a text file. Give it the ending of what it is, for "
                "example .csv.",
                path=path,
            )
        )
    if kind == "parquet":
        return _inspect_parquet(path)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    prepared = folder / f"{hashlib.sha256(f'{path.resolve()}#{sheet}'.encode()).hexdigest()[:16]}.csv"
    return _inspect_workbook(path, prepared, sheet) if kind == "xlsx" else _inspect_text_file(path, prepared)


def _format_by_name(path: Path) -> str:
    endings = ["".join(path.suffixes[-2:]).lower(), path.suffix.lower()]
    for ending in endings:
        if ending in FORMATS:
            return FORMATS[ending]
    raise UnreadableError(
        _(
            "{path} ends in '{ending}', expected one of {formats}. Save or export it as one of these.",
            path=path, ending=path.suffix, formats=", ".join(FORMATS),
        )
    )  # fmt: skip


def _complain_about_disguise(path: Path, found: str | None, start: bytes) -> None:
    if found is None and start.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith((b"<!doctype", b"<html", b"<?xml")):
        found = translatable("a web page or XML, perhaps the login page of the place it was downloaded from")
    if found is None and start.lstrip()[:2] in (b'{"', b"[{", b"{\n"):
        found = "JSON"
    if found is None:
        return
    way_out = WAYS_OUT.get(found, translatable("Fetch or export the data itself."))
    raise UnreadableError(
        _(
            "{path} is not what its name claims: it is {found}. {way_out}",
            path=path, found=_(found), way_out=_(way_out),
        )
    )  # fmt: skip


def _inspect_text_file(path: Path, prepared: Path) -> FileToRead:
    text = inspect_text(path, prepared)
    columns = _column_names(path, text.columns)
    return FileToRead(
        path=str(path),
        format="csv",
        columns=columns,
        reader=_text_reader(
            text.prepared or path,
            [*columns, PROBLEM, LINE] if text.prepared else columns,
            text.separator,
            text.compression,
        ),
        record_count=text.record_count,
        has_broken_lines=text.broken_line_count > 0,
        note=text.note,
    )


def _inspect_workbook(path: Path, prepared: Path, sheet: str | None) -> FileToRead:
    workbook = read_workbook(path, sheet)
    columns = _column_names(path, workbook.sheet.header)
    with prepared.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows([columns, *workbook.sheet.rows])
    return FileToRead(
        path=str(path),
        format="xlsx",
        columns=columns,
        reader=_text_reader(prepared, columns),
        record_count=len(workbook.sheet.rows),
        note=workbook.note,
    )


def _text_reader(path: Path, columns: list[str], separator: str = ",", compression: str = "none") -> str:
    """Write the call of DuckDB's reader. Nothing is guessed, and every value stays a text."""
    types = ", ".join(f"{_quoted(name)}: 'varchar'" for name in columns)
    return (
        f"read_csv({_pattern(path)}, auto_detect = false, header = true, delim = {_quoted(separator)}, quote = '\"', "
        f"escape = '\"', compression = '{compression}', strict_mode = true, hive_partitioning = false, "
        f"columns = {{{types}}})"
    )


def _pattern(path: LakePath) -> str:
    """Write the name of a file so that DuckDB, which takes names for patterns, finds that file alone."""
    return _quoted(re.sub(r"[*?\[{]", r"[\g<0>]", str(path)))


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _column_names(path: Path, header: list[str]) -> list[str]:
    """Name every column, also one without a name; the same name twice would leave open which one is meant."""
    columns = [name.strip() or f"column {position}" for position, name in enumerate(header, start=1)]
    lowered = [name.lower() for name in columns]
    reserved = [name for name in columns if name.lower() in RESERVED]
    if reserved:
        raise UnreadableError(
            _(
                "{path}: the column '{column}' has a name that the reader needs for itself. Rename or remove it.",
                path=path, column=reserved[0],
            )
        )  # fmt: skip
    repeated = [name for name, lower in zip(columns, lowered, strict=True) if lowered.count(lower) > 1]
    if repeated:
        raise UnreadableError(
            _(
                "{path}: the column '{column}' comes more than once in the header line, so its values are ambiguous. "
                "Rename or remove one of them.",
                path=path, column=repeated[0],
            )
        )  # fmt: skip
    return columns


def _inspect_parquet(path: LakePath) -> FileToRead:
    reader = f"read_parquet({_pattern(path)}, hive_partitioning = false)"
    try:
        with duckdb.connect() as connection:
            register(connection)
            columns = [name for name, *_ in connection.execute(f"describe select * from {reader}").fetchall()]
            metadata = f"select sum(num_rows) from parquet_file_metadata({_pattern(path)})"
            (records,) = connection.execute(metadata).fetchall()[0]
    except duckdb.Error as error:
        message = str(error).splitlines()[0]
        raise UnreadableError(
            _("{path} is damaged: {error}. Fetch or export it again.", path=path, error=message)
        ) from None
    return FileToRead(str(path), "parquet", columns, reader, int(records))


def _check_together(files: list[FileToRead]) -> None:
    first = files[0]
    for file in files[1:]:
        different = set(file.columns) ^ set(first.columns)
        if different or file.format != first.format:
            raise UnreadableError(
                f"{file.path} does not have the columns of {first.path}: {', '.join(sorted(different)) or file.format} "
                "is in one of them only. Files that are read together need the same columns."
            )
