"""The macros of the project as texts, for tests that render one without dbt."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def macro_file(name: str, root: Path = ROOT) -> Path:
    """Return the file of a macro, whichever folder it lies in."""
    (file,) = (root / "macros").rglob(f"{name}.sql")
    return file


def macro_source(*names: str) -> str:
    """Return macros that call each other without the name of the package, which dbt alone knows."""
    return "".join(macro_file(name).read_text(encoding="utf-8") for name in names).replace("customer_segmentation.", "")
