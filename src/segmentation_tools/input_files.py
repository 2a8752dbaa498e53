"""Find out how an input file has to be read, or say in plain words why it cannot be read.

Files of customers come with every separator, encoding and disguise. What is decided here is only how to read a file;
what its columns mean is decided by the seed `input_synonyms`, and what its values are worth by staging.
"""

import codecs
import csv
import glob
import gzip
import io
import json
from dataclasses import asdict, dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import duckdb

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
SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
SAMPLE_CHARACTERS = 1 << 20  # what a separator is, the first megabyte shows; the encoding is checked to the end

POINTER = "a pointer of a large-file store; the data itself was not fetched"

# What a file really is, by how it begins.
SIGNATURES = [
    (
        b"version https://git-lfs",
        "a pointer of a large-file store; the data itself was not fetched (try `git lfs pull`)",
    ),
    (b"/annex/objects", "a pointer of a large-file store; the data itself was not fetched (try `git annex get`)"),
    (b"PK\x03\x04", "a zip archive or a spreadsheet"),
    (b"\xd0\xcf\x11\xe0", "a spreadsheet of the old kind (.xls)"),
    (b"PAR1", "a Parquet file"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"%PDF", "a PDF document"),
    (b"SQLite format 3", "a SQLite database"),
]
WAYS_OUT = {
    "a zip archive or a spreadsheet": "If it is a spreadsheet, name it .xlsx; unpack an archive.",
    "a spreadsheet of the old kind (.xls)": "Save it as .xlsx or .csv.",
    "a Parquet file": "Name it .parquet.",
    "a gzip archive": "Name it .csv.gz, or unpack it.",
}


class UnreadableError(Exception):
    """Carry the sentence that says why a file cannot be read."""


@dataclass(frozen=True)
class FileToRead:
    """How one file has to be read.

    Attributes
    ----------
    path : str
        The file.
    format : str
        `csv`, `parquet` or `xlsx`.
    columns : list of str
        Names in the header line, in order; empty for a spreadsheet, whose reader finds them itself.
    separator, encoding, compression : str
        Of a text file, as DuckDB's read_csv calls them.
    has_mixed_line_ends : bool
        Whether lines of a text file end now like this, now like that, as in files that were put together.
    """

    path: str
    format: str
    columns: list[str] = field(default_factory=list)
    separator: str = ","
    encoding: str = "utf-8"
    compression: str = "none"
    has_mixed_line_ends: bool = False


def inspect_input(location: str) -> str:
    """Describe how the files at a location have to be read. Registered as a SQL function for the reader's macros.

    Parameters
    ----------
    location : str
        A file or a glob, relative to the current directory or absolute.

    Returns
    -------
    str
        JSON: `files`, a list of `FileToRead`, or `problem`, a sentence with what was found, what was expected and the
        way out.
    """
    try:
        files = [_inspect(path) for path in _matching_files(location)]
        _check_together(location, files)
    except UnreadableError as error:
        return json.dumps({"problem": str(error)})
    return json.dumps({"files": [asdict(file) for file in files]})


def _matching_files(location: str) -> list[Path]:
    expanded = str(Path(location).expanduser())
    if Path(expanded).is_dir():
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


def _suggestion(missing: Path) -> str:
    if not missing.parent.is_dir():
        return f" (and there is no folder {missing.parent}; looked from {Path.cwd()})"
    # a link whose target is gone bears the very name
    others = [file.name for file in missing.parent.iterdir() if file.name != missing.name]
    close = get_close_matches(missing.name, others, n=1)
    return f"; did you mean {missing.parent / close[0]}?" if close else f" (looked from {Path.cwd()})"


def _inspect(path: Path) -> FileToRead:
    try:
        with path.open("rb") as file:
            start = file.read(512)
    except OSError as error:
        raise UnreadableError(f"{path} cannot be read: {error.strerror}. Check its permissions.") from None
    kind = _format_by_name(path)
    if not start:
        raise UnreadableError(f"{path} is empty. Expected a header line and at least one row.")
    gzipped = path.suffix == ".gz"
    expected = {"csv": b"\x1f\x8b" if gzipped else None, "parquet": b"PAR1", "xlsx": b"PK\x03\x04"}[kind]
    found = next((words for signature, words in SIGNATURES if start.startswith(signature)), None)
    if expected is None or not start.startswith(expected):
        _complain_about_disguise(path, found, start)
    if expected is not None and not start.startswith(expected):
        raise UnreadableError(
            f"{path} is not what its name claims: it looks like a text file. Give it the ending of what it is, for "
            "example .csv."
        )
    return {"csv": _inspect_text, "parquet": _inspect_parquet, "xlsx": _inspect_spreadsheet}[kind](path)


def _format_by_name(path: Path) -> str:
    endings = ["".join(path.suffixes[-2:]).lower(), path.suffix.lower()]
    for ending in endings:
        if ending in FORMATS:
            return FORMATS[ending]
    raise UnreadableError(
        f"{path} ends in '{path.suffix}', expected one of {', '.join(FORMATS)}. Save or export it as one of these."
    )


def _complain_about_disguise(path: Path, found: str | None, start: bytes) -> None:
    if found is None and start.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith((b"<!doctype", b"<html", b"<?xml")):
        found = "a web page or XML, perhaps the login page of the place it was downloaded from"
    if found is None and start.lstrip()[:2] in (b'{"', b"[{", b"{\n"):
        found = "JSON"
    if found is None:
        return
    way_out = WAYS_OUT.get(found, "Fetch or export the data itself.")
    raise UnreadableError(f"{path} is not what its name claims: it is {found}. {way_out}")


def _inspect_text(path: Path) -> FileToRead:
    compression = "gzip" if path.suffix.lower() == ".gz" else "none"
    encoding, sample = _decode(path, compression)
    if "\0" in sample:
        raise UnreadableError(f"{path} is not a text file: it holds binary data. Export it as .csv, .parquet or .xlsx.")
    header, separator = _header(path, sample)
    columns = _column_names(path, header)
    if not sample.splitlines()[1:]:
        raise UnreadableError(f"{path} has a header line but no rows. Expected at least one.")
    mixed = "\r\n" in sample and sample.count("\n") > sample.count("\r\n")
    return FileToRead(str(path), "csv", columns, separator, encoding, compression, mixed)


def _decode(path: Path, compression: str) -> tuple[str, str]:
    """Find the encoding by reading the whole file; return it with the beginning of the text."""
    for encoding, name in [("utf-8-sig", "utf-8"), ("utf-16", "utf-16"), ("latin-1", "latin-1")]:
        if encoding == "utf-16" and not _begins_with_utf16_mark(path, compression):
            continue  # without the mark nearly any bytes pass for UTF-16
        decoder = codecs.getincrementaldecoder(encoding)()
        sample = ""
        try:
            with _open(path, compression) as file:
                while block := file.read(1 << 20):
                    text = decoder.decode(block)
                    sample += text if len(sample) < SAMPLE_CHARACTERS else ""
                decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        except (OSError, EOFError) as error:
            raise UnreadableError(f"{path} is damaged: {error}. Fetch or export it again.") from None
        return name, sample
    raise AssertionError("latin-1 decodes everything")


def _begins_with_utf16_mark(path: Path, compression: str) -> bool:
    with _open(path, compression) as file:
        return file.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def _open(path: Path, compression: str) -> Any:
    return gzip.open(path, "rb") if compression == "gzip" else path.open("rb")


def _header(path: Path, sample: str) -> tuple[list[str], str]:
    """Split the first line by the separator that gives the following lines as many values, and the most of them."""
    lines = [line for line in sample.splitlines()[:200] if line.strip()]
    if not lines:
        raise UnreadableError(f"{path} holds nothing but blank lines. Expected a header line and at least one row.")
    candidates = []
    for separator in SEPARATORS:
        rows = list(csv.reader(io.StringIO("\n".join(lines[:-1] or lines)), delimiter=separator))
        agreeing = sum(len(row) == len(rows[0]) for row in rows) / len(rows)
        candidates.append((len(rows[0]) > 1, agreeing > 0.5, len(rows[0]), separator, rows[0]))
    *_, separator, header = max(candidates, key=lambda candidate: candidate[:3])
    return header, separator


def _column_names(path: Path, header: list[str]) -> list[str]:
    """Name every column, also one without a name; the same name twice would leave open which one is meant."""
    columns = [name.strip() or f"column {position}" for position, name in enumerate(header, start=1)]
    lowered = [name.lower() for name in columns]
    repeated = [name for name, lower in zip(columns, lowered, strict=True) if lowered.count(lower) > 1]
    if repeated:
        raise UnreadableError(
            f"{path}: the column '{repeated[0]}' comes more than once in the header line, so its values are ambiguous. "
            "Rename or remove one of them."
        )
    return columns


def _inspect_parquet(path: Path) -> FileToRead:
    quoted = str(path).replace("'", "''")
    try:
        with duckdb.connect() as connection:
            rows = connection.execute(f"describe select * from read_parquet('{quoted}')").fetchall()
    except duckdb.Error as error:
        message = str(error).splitlines()[0]
        raise UnreadableError(f"{path} is damaged: {message}. Fetch or export it again.") from None
    return FileToRead(str(path), "parquet", [name for name, *_ in rows])


def _inspect_spreadsheet(path: Path) -> FileToRead:
    import openpyxl

    try:
        workbook = openpyxl.load_workbook(path, read_only=True)
        rows = [row for _, row in zip(range(2), workbook.worksheets[0].iter_rows(values_only=True), strict=False)]
    except Exception as error:  # a broken workbook raises whatever its part happens to raise
        raise UnreadableError(
            f"{path} is not what its name claims, or it is damaged: it cannot be opened as a spreadsheet ({error}). "
            "Save it again as .xlsx."
        ) from None
    workbook.close()
    if not rows or all(cell is None for cell in rows[0]):
        raise UnreadableError(f"{path}: the first sheet is empty. Expected a header line in its first row.")
    if len(rows) < 2:
        raise UnreadableError(f"{path} has a header line but no rows. Expected at least one.")
    columns = _column_names(path, ["" if cell is None else str(cell) for cell in rows[0]])
    return FileToRead(str(path), "xlsx", columns)


def _check_together(location: str, files: list[FileToRead]) -> None:
    first = files[0]
    if any(file.format == "xlsx" for file in files) and not Path(location).is_file():
        raise UnreadableError(
            f"{location} stands for spreadsheets, which are read one at a time and under their own name. Name one by "
            "its path, without * or ~; save several as .csv, or put them into one."
        )
    for file in files[1:]:
        different = set(file.columns) ^ set(first.columns)
        if different or file.format != first.format:
            raise UnreadableError(
                f"{file.path} does not have the columns of {first.path}: {', '.join(sorted(different)) or file.format} "
                "is in one of them only. Files that are read together need the same columns."
            )
