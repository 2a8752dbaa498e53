"""Axes in the units of the features, logarithmic where a few large values would push all others into a corner."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullLocator

from customer_segmentation import formatting


def plain_axis(axes: Axes, direction: str, ticks: int = 5) -> None:
    """Give an axis few ticks and figures that are quick to read.

    Parameters
    ----------
    axes : Axes
        The axes.
    direction : str
        'x' or 'y'.
    ticks : int
        Greatest number of intervals between ticks.
    """
    axis = _axis(axes, direction)
    axis.set_major_locator(MaxNLocator(ticks, steps=[1, 2, 2.5, 5, 10]))
    axis.set_major_formatter(FuncFormatter(lambda value, _: tick_text(value)))


def log_axis(axes: Axes, direction: str, ticks: int = 5) -> None:
    """Give an axis the scale sign(x) ln(1 + |x|), the transform `log` of the features, with ticks at powers of ten.

    Parameters
    ----------
    axes : Axes
        The axes; its data must be there already.
    direction : str
        'x' or 'y'.
    ticks : int
        Greatest number of ticks.
    """
    set_scale = axes.set_xscale if direction == "x" else axes.set_yscale
    set_scale("function", functions=(shortened, lengthened))
    axes.autoscale_view()
    low, high = axes.get_xlim() if direction == "x" else axes.get_ylim()
    axis = _axis(axes, direction)
    axis.set_major_locator(FixedLocator(log_ticks(low, high, ticks)))
    axis.set_minor_locator(NullLocator())
    axis.set_major_formatter(FuncFormatter(lambda value, _: tick_text(value)))


def log_ticks(low: float, high: float, most: int) -> list[float]:
    """Return ticks at powers of ten, and at three times as much where there are few.

    >>> log_ticks(0, 200, 5), log_ticks(0, 20000, 5), log_ticks(0, 20, 5)
    ([0.0, 1.0, 10.0, 100.0], [1.0, 100.0, 10000.0], [0.0, 1.0, 3.0, 10.0])
    """
    powers = [sign * 10.0**power for sign in (-1, 1) for power in range(9)]
    ticks = [tick for tick in sorted([0.0, *powers]) if low <= tick <= high]
    if len(ticks) < 4 <= most:
        ticks = [tick for tick in sorted([*ticks, *(3 * power for power in powers)]) if low <= tick <= high]
    step = -(-len(ticks) // most)
    return ticks[::-1][::step][::-1]


def shortened(values):
    """Return sign(x) ln(1 + |x|).

    >>> float(shortened(0.0))
    0.0
    """
    return np.sign(values) * np.log1p(np.abs(values))


def lengthened(values):
    """Return the inverse of `shortened`.

    >>> round(float(lengthened(shortened(-12.0))), 9)
    -12.0
    """
    return np.sign(values) * np.expm1(np.abs(values))


def tick_text(value: float) -> str:
    """Write the figure at a tick.

    >>> tick_text(20000.0), tick_text(0.25), tick_text(2.5), tick_text(1000000.0)
    ('20k', '0.25', '2.5', '1M')
    """
    if abs(value) >= 1e6:
        text = f"{value / 1e6:g}M"
    elif abs(value) >= 1e4:
        text = f"{value / 1e3:g}k"
    else:
        text = formatting.figure(value) if float(value).is_integer() else f"{round(value, 6):g}"
    return text.replace("-", formatting.MINUS)


def _axis(axes, direction):
    return axes.xaxis if direction == "x" else axes.yaxis
