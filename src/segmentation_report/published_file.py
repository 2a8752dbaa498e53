"""Where the published database is, and how to name what it holds; without pandas, for commands that answer at once."""

import os
from pathlib import Path

PUBLISHED = Path("published/marts.duckdb")


def published_path() -> Path:
    """Return where the published database is: the variable SEGMENTATION_PUBLISHED, or where a build puts it."""
    return Path(os.environ.get("SEGMENTATION_PUBLISHED") or PUBLISHED)


def quoted(name: str) -> str:
    """Write the name of a table or a column for SQL, whatever it holds.

    Examples
    --------
    >>> print(quoted('a "b" c'))
    "a ""b"" c"
    """
    doubled = name.replace('"', '""')
    return f'"{doubled}"'
