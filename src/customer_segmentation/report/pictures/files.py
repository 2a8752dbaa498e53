"""The files of pictures: how they are written, and which are left from an earlier run."""

import io
import json
from pathlib import Path

import matplotlib
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from customer_segmentation.report import theme
from customer_segmentation.report.pictures.layout import Heading

INDEX = "index.json"
PNG_RESOLUTION = 200  # twice the 800 pixels at which a picture is shown


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
    described = {"Title": heading.title, "Description": heading.subtitle}
    with matplotlib.rc_context(theme.STYLE):
        _settle(figure)
        if kind == "svg":
            FigureCanvasSVG(figure).print_svg(buffer, metadata={"Date": None, **described})
        else:
            FigureCanvasAgg(figure)
            figure.savefig(buffer, format="png", dpi=PNG_RESOLUTION, metadata={"Software": None, **described})
    return buffer.getvalue()


def remove_outdated(folder: Path, written: set[str]) -> None:
    """Remove the pictures of an earlier run that were not drawn again; other files stay.

    Parameters
    ----------
    folder : Path
        Where the pictures are.
    written : set of str
        Files of this run.

    Raises
    ------
    OSError
        If a file cannot be removed.
    """
    try:
        index = json.loads((folder / INDEX).read_text(encoding="utf-8"))
        earlier = {file for picture in index["pictures"] for file in picture["files"]}
    except (OSError, ValueError, KeyError, TypeError):
        return
    for name in sorted(earlier - written):
        if Path(name).name == name:
            (folder / name).unlink(missing_ok=True)


def _settle(figure) -> None:
    """Place the axes once: matplotlib would draw the whole picture twice to do it while writing."""
    engine = figure.get_layout_engine()
    if engine is not None:
        engine.execute(figure)
        figure.set_layout_engine("none")
        # The engine adds up in an order that differs between runs; names in the file depend on the last digit.
        for axes in figure.axes:
            axes.set_position(np.round(axes.get_position(original=True).bounds, 9))
