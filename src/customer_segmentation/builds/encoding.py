"""Check what dbt ends with a traceback for: seed files that are not UTF-8."""

from pathlib import Path


def problems(folder: Path) -> list[str]:
    """Say which seed files are not UTF-8.

    Parameters
    ----------
    folder : Path
        A folder of seeds; it need not exist.

    Returns
    -------
    list of str
        One message for each file that dbt could not read.
    """
    return [found for file in sorted(folder.rglob("*.csv")) if (found := problem(file))]


def problem(file: Path) -> str | None:
    """Say what is wrong with the encoding of a file.

    Parameters
    ----------
    file : Path
        A seed file.

    Returns
    -------
    str or None
        Where the first unreadable byte is, and the way out; None if the file is UTF-8.
    """
    content = file.read_bytes()
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return (
            f"{file}, line {line}: found the byte {content[error.start]:#04x}, expected comma-separated text in UTF-8. "
            "Save the file as CSV UTF-8 (spreadsheet programs offer it when saving)."
        )
    return None
