"""One look for every picture: colours, sizes and fonts. The colours of personas are data, in the table `segments`."""

from typing import Any

FONT = "DejaVu Sans"  # comes with matplotlib, so that a picture looks the same on every machine
INK = "#1f2933"  # text and axes
MUTED = "#616e7c"  # what should step back: labels, captions
GRID = "#e4e7eb"
PAPER = "#ffffff"
POPULATION = "#9aa5b1"  # all customers, wherever they are compared with a segment
ACCENT = "#0072b2"  # a single series, and what a title talks about
CONTRAST = "#d55e00"  # the second series, and warnings
SEQUENTIAL = "cividis"  # from little to much; readable without colour
DIVERGING = "PuOr"  # below and above a middle; readable with any kind of colour blindness

# Colour alone must not tell segments apart: each has a marker of its own, in the order of their personas.
# The first ones are those of the interactive charts.
MARKERS = ("o", "s", "D", "P", "^", "v", "X", "p", "<", ">", "h", "*")

# From dark to light as trust fades, in grey: every segment has a hue. Dark text is readable on all of them.
GRADES = {"stable": "#8795a1", "usable": "#aab5c0", "doubtful": "#cbd2d9", "dissolved": "#e4e7eb"}

PICTURE_WIDTH = 8.0  # inches; at this width a picture is readable in a README column

# For matplotlib. Every drawing function works under these settings, whatever the settings around it.
STYLE: dict[Any, object] = {
    "axes.edgecolor": MUTED,
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.labelcolor": INK,
    "axes.labelsize": 9,
    "axes.linewidth": 0.8,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlelocation": "left",
    "axes.titlesize": 9.5,
    "axes.titleweight": "bold",
    "axes.titlecolor": INK,
    "axes.unicode_minus": True,
    "figure.facecolor": PAPER,
    "font.family": FONT,
    "font.size": 9,
    "grid.color": GRID,
    "grid.linewidth": 0.8,
    "legend.fontsize": 9,
    "legend.frameon": False,
    "path.simplify": True,
    "svg.fonttype": "path",  # letters as shapes: the same everywhere, also where the font is missing
    "svg.hashsalt": "segmentation",  # without it every run writes other names into the file
    "text.color": INK,
    "text.parse_math": False,  # "$" is a unit here
    "xtick.color": MUTED,
    "xtick.labelcolor": INK,
    "xtick.labelsize": 8.5,
    "ytick.color": MUTED,
    "ytick.labelcolor": INK,
    "ytick.labelsize": 8.5,
}
