"""What a figure is before it is drawn, and what is said if it cannot be drawn."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import altair as alt

from customer_segmentation import formatting
from customer_segmentation.language import _
from customer_segmentation.publication.tables import Publication
from customer_segmentation.report.charts.drawing import panels
from customer_segmentation.report.page import Chart, anchor


class Panel(NamedTuple):
    """One chart of a figure.

    Attributes
    ----------
    name : str
        Tells it from the other panels of the figure.
    draw : callable
        Draws it.
    caption : str
        What is written beside it where it stands alone.
    alternative : str
        What it shows, for readers who cannot see it.
    """

    name: str
    draw: Callable[[], alt.LayerChart]
    caption: str
    alternative: str


class Figure(NamedTuple):
    """A figure that can be drawn.

    Attributes
    ----------
    kind : str
        What it shows, without whose figure it is.
    dataset : str
        Dataset that it shows.
    segmentation : str or None
        Segmentation that it shows, None for a figure of the dataset.
    title : str
        The finding.
    subtitle : str
        What is shown, and of how many customers.
    tables : str
        The tables behind it.
    panels : sequence of Panel
        Its charts.
    columns : int
        How many panels a picture has in a row.
    draw : callable or None
        Draws the picture, if that is not the panels side by side.
    turned : callable or None
        Draws a figure of plotly that can be turned.
    """

    kind: str
    dataset: str
    segmentation: str | None
    title: str
    subtitle: str
    tables: str
    panels: tuple[Panel, ...] = ()
    columns: int = 1
    draw: Callable[[], alt.TopLevelMixin] | None = None
    turned: Callable[[], dict] | None = None

    @property
    def name(self) -> str:
        """The name of its file, without ending."""
        return f"{self.segmentation or self.dataset}_{self.kind}"

    @property
    def source(self) -> str:
        """The segmentation, the dataset and the tables behind it."""
        if self.segmentation:
            return _(
                "Segmentation {segmentation}, dataset {dataset}. Tables: {tables}.",
                segmentation=self.segmentation, dataset=self.dataset, tables=self.tables,
            )  # fmt: skip
        return _("Dataset {dataset}. Tables: {tables}.", dataset=self.dataset, tables=self.tables)

    def picture(self) -> alt.TopLevelMixin:
        """Draw all of it."""
        if self.draw is not None:
            return self.draw()
        charts = [panel.draw() for panel in self.panels]
        return panels(charts, self.columns) if self.columns > 1 and len(charts) > 1 else charts[0]

    def charts(self) -> list[Chart]:
        """Draw its panels as parts of a page, each with its caption."""
        return [
            Chart(
                panel.draw() if self.turned is None else self.turned(),
                panel.caption,
                panel.alternative,
                anchor("chart", self.segmentation or self.dataset, self.kind, *filter(None, [panel.name])),
            )
            for panel in self.panels
        ]


class NotDrawn(NamedTuple):
    """A figure that cannot be drawn, and why."""

    kind: str
    dataset: str
    segmentation: str | None
    reason: str

    @property
    def name(self) -> str:
        """The name that its file would have, without ending."""
        return f"{self.segmentation or self.dataset}_{self.kind}"

    def charts(self) -> list[Chart]:
        """Return nothing: there are no charts."""
        return []


def no_rows(table: str, name: str) -> str:
    """Say that a table has no rows for a dataset or a segmentation."""
    return _(
        "The table {table} has no rows for {name}; the var `evidence` controls whether it is filled.",
        table=table, name=name,
    )  # fmt: skip


def customers_shown(shown: Mapping[str, Any]) -> str:
    """Say whose figure it is: how many customers a dataset or a segmentation has, and of which kind."""
    return formatting.customers(customer_count(shown), is_synthetic=shown["is_synthetic"])


def customer_count(shown: Mapping[str, Any]) -> int:
    """Return how many customers a dataset has, or are in the segments of a segmentation today."""
    return shown.get("segmented_customers", shown["customers"])


def drawn(publication: Publication, shown: Mapping[str, Any], points: int) -> str:
    """Say how many customers of a dataset or a segmentation are points of a figure, or that none is."""
    every, some = customers_shown(shown), formatting.number(points)
    if not publication.shows_customers(shown["dataset"]):
        return _(
            "{points} points drawn from distributions fitted to {customers}, none of them a customer",
            points=some, customers=every,
        )  # fmt: skip
    return (
        every if points >= customer_count(shown) else _("{points} of {customers} drawn", points=some, customers=every)
    )


def box_parts(publication: Publication, shown: Mapping[str, Any]) -> str:
    """Say what the parts of a box plot are; a whisker ends at the figure of one customer, and may not be shown."""
    box = _("Box: middle half of the customers, with the median.")
    has_whiskers = publication.smallest_cell(shown["dataset"]) == 1
    if not has_whiskers:
        return box
    return f"{box} {_('Whiskers: values within {lengths} box lengths.', lengths=formatting.number(1.5, 1))}"
