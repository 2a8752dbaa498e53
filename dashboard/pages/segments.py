"""Page."""

import layout
import reading

from segmentation_report import charts, sentences


def show(segmentation: str) -> None:
    """Show the page."""
    layout.title("Segments", segmentation)
    publication = reading.publication()
    segments = publication.segments(segmentation)
    points = publication.customers_by_components(segmentation, 2000)
    layout.chart(
        charts.plane(points, segments, ("component_1", "1"), ("component_2", "2")), sentences.sizes_title(segments)
    )
