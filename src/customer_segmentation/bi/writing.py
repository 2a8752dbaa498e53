"""Write the starter files of all tools into a folder."""

from collections.abc import Mapping
from pathlib import Path

import duckdb

from customer_segmentation.bi import power_bi, superset, tableau
from customer_segmentation.bi.model import read_model
from customer_segmentation.errors import NotPossibleError
from customer_segmentation.temporary_files import write_whole


def write_files(
    database: duckdb.DuckDBPyConnection, published: Path, folder: Path, *, seen_as: str | None, force: bool
) -> list[Path]:
    """Write starter files.

    Parameters
    ----------
    database : DuckDBPyConnection
        The published database.
    published : Path
        Where it is.
    folder : Path
        Where to write; each tool has a folder of its own there.
    seen_as : str, optional
        Path of the published folder on the machine of the tool.
    force : bool
        Whether files that exist are replaced.

    Returns
    -------
    list of Path
        The files to open.

    Raises
    ------
    NotPossibleError
        If a file is there already, or the publication lacks what is needed.
    """
    model = read_model(database)
    place = (seen_as or str(published.parent.absolute())).rstrip("/\\")
    stroke = "\\" if "\\" in place else "/"
    file = f"{place}{stroke}{published.name}"
    made: dict[str, Mapping[str, str | bytes]] = {
        "power_bi": power_bi.files(model, place),
        "superset": superset.files(model, file),
        "tableau": tableau.files(model, file),
    }
    written = {
        folder / tool / name: content if isinstance(content, bytes) else content.encode()
        for tool, contents in made.items()
        for name, content in contents.items()
    }
    existing = next((path for path in written if path.exists()), None)
    if existing is not None and not force:
        raise NotPossibleError(f"{existing} exists already. Name another folder, or replace it with --force.")
    for path, content in written.items():
        write_whole(path, content)
    return [path for path in written if path.suffix in (".pbip", ".tds", ".zip")]
