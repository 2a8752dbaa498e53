"""What a picture is before it is drawn, and what stands in its place if it cannot be drawn."""

from collections.abc import Callable
from typing import NamedTuple

from matplotlib.figure import Figure

from customer_segmentation import formatting
from customer_segmentation.report.pictures.layout import Heading


class Picture(NamedTuple):
    """A picture that can be drawn.

    Attributes
    ----------
    name : str
        Name of its file, without ending.
    dataset : str
        Dataset that it shows.
    segmentation : str or None
        Segmentation that it shows, None for a picture of the dataset.
    heading : Heading
        What is written around it.
    draw : callable
        Draws it.
    """

    name: str
    dataset: str
    segmentation: str | None
    heading: Heading
    draw: Callable[[], Figure]


class NotDrawn(NamedTuple):
    """A picture that cannot be drawn, and why."""

    name: str
    dataset: str
    segmentation: str | None
    reason: str


def no_rows(table: str, name: str) -> str:
    """Say that a table has no rows for a dataset or a segmentation."""
    return f"The table {table} has no rows for {name}; the var `evidence` controls whether it is filled."


def who(shown) -> str:
    """Say whose picture it is: how many customers a dataset or a segmentation has, and of which kind."""
    return formatting.customers(shown.customers, is_synthetic=shown.is_synthetic)


def drawn(shown, points: int) -> str:
    """Say how many customers of a dataset or a segmentation are points of a picture, or that none is."""
    if not is_exact(shown):
        return f"{points:,} points drawn from distributions fitted to {who(shown)}, none of them a customer"
    return who(shown) if points >= shown.customers else f"{points:,} of {who(shown)} drawn"


def is_exact(shown) -> bool:
    """Say whether points are customers of a dataset or a segmentation."""
    return bool(getattr(shown, "has_exact_points", True))


def box_parts(shown) -> str:
    """Say what the parts of a box plot are; a whisker ends at the figure of one customer, and may not be shown."""
    box = "Box: middle half of the customers, with the median."
    return box if getattr(shown, "smallest_cell", 1) > 1 else f"{box} Whiskers: values within 1.5 box lengths."
