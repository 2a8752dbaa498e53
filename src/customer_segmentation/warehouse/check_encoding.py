"""Check what dbt ends with a traceback for: seed files that are not UTF-8, and too little address space."""

import sys
from pathlib import Path

from customer_segmentation.warehouse.address_space import address_space_problem


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


def main() -> int:
    """Print the problems of the machine and of all files below the folder named on the command line."""
    of_the_machine = address_space_problem()
    problems = [of_the_machine] if of_the_machine else []
    problems += [found for file in sorted(Path(sys.argv[1]).rglob("*.csv")) if (found := problem(file))]
    print("\n".join(problems), end="\n" if problems else "")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
