"""Write pictures and their index so that nobody sees half of one."""

import contextlib
import io
import json
import os
from collections.abc import Mapping
from pathlib import Path

import matplotlib
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from segmentation_report import theme
from segmentation_report.pictures.layout import Heading

INDEX = "index.json"
PNG_RESOLUTION = 200  # twice the 800 pixels at which a picture is shown


class FolderError(Exception):
    """Say that a folder cannot be written, and what to do."""


def rendered(figure: Figure, heading: Heading, kind: str) -> bytes:
    """Return the file of a picture; the same figure gives the same bytes.

    Parameters
    ----------
    figure : Figure
        The picture.
    heading : Heading
        Its title and subtitle become the title and description in the file, for whoever cannot see it.
    kind : str
        'svg' or 'png'.

    Returns
    -------
    bytes
    """
    buffer = io.BytesIO()
    with matplotlib.rc_context(theme.STYLE):
        if kind == "svg":
            FigureCanvasSVG(figure)
            metadata = {"Date": None, "Title": heading.title, "Description": heading.subtitle}
            figure.savefig(buffer, format="svg", metadata=metadata)
        else:
            FigureCanvasAgg(figure)
            metadata = {"Title": heading.title, "Description": heading.subtitle, "Software": None}
            figure.savefig(buffer, format="png", dpi=PNG_RESOLUTION, metadata=metadata)
    return buffer.getvalue()


def prepare(folder: str | Path) -> Path:
    """Create a folder and check that files can be written into it.

    Parameters
    ----------
    folder : str or Path
        The folder.

    Returns
    -------
    Path

    Raises
    ------
    FolderError
        If the folder cannot be created or written.
    """
    folder = Path(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(folder, error) from None
    write(folder, {".writable": b""})
    (folder / ".writable").unlink(missing_ok=True)
    return folder


def write(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files under a temporary name each, then rename them.

    Parameters
    ----------
    folder : Path
        Where to write.
    files : mapping of str to bytes
        Content by file name.

    Raises
    ------
    FolderError
        If the folder cannot be written. Every file in it is whole then: the old one, or already the new.
    """
    for name, content in files.items():
        temporary = folder / f".{name}.{os.getpid()}.tmp"
        try:
            temporary.write_bytes(content)
            os.replace(temporary, folder / name)
        except OSError as error:
            raise _unwritable(folder, error) from None
        finally:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)


def remove_outdated(folder: Path, written: set[str]) -> None:
    """Remove the pictures of an earlier run that were not drawn again; other files stay.

    Parameters
    ----------
    folder : Path
        Where the pictures are.
    written : set of str
        Files of this run.
    """
    try:
        index = json.loads((folder / INDEX).read_text(encoding="utf-8"))
        earlier = {file for picture in index["pictures"] for file in picture["files"]}
    except (OSError, ValueError, KeyError, TypeError):
        return
    for name in sorted(earlier - written):
        if Path(name).name == name:
            (folder / name).unlink(missing_ok=True)


def _unwritable(folder, error) -> FolderError:
    reason = error.strerror or str(error)
    return FolderError(
        f"The folder '{folder}' cannot be written: {reason}. Check its permissions and the free space, or name another "
        "folder. Every picture there is whole: the old one, or already the new."
    )
