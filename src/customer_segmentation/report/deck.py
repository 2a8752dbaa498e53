"""Slides as parts: titles, texts that fit their boxes, native charts and tables, and a file that is always the same."""

import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION
from pptx.enum.dml import MSO_THEME_COLOR
from pptx.enum.shapes import MSO_SHAPE, PP_PLACEHOLDER
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
from pptx.exc import PackageNotFoundError
from pptx.oxml.ns import qn
from pptx.util import Emu, Inches, Pt

from customer_segmentation.errors import NotPossibleError
from customer_segmentation.report import theme
from customer_segmentation.report.charts import drawing

WIDTH, HEIGHT = 13.333, 7.5  # inches, 16:9
MARGIN = 0.6
TOP = 1.75  # where the body begins, below the title
BOTTOM = 6.8  # where it ends, above the source
FONT = "Arial"
LINE = 1.2  # height of a line in font sizes
SMALLEST = 14  # points, as they are read at the far end of a room; what does not fit at this size is cut
INSET = 0.05  # inches between the edge of a box and its text
LINE_HEIGHT = 0.36  # inches that one line of the smallest letters needs
WIDER = 1.06  # than measured is a text taken to be, so that what fits here fits with the font of the slides
UNKNOWN_FONT = 1.12  # the same for the font of a template, on top of it: Verdana is about so much wider
# As wide as WIDTH, the slides of a template are so high: between 16:9, as all is placed here, and 4:3.
FLATTEST, TALLEST = HEIGHT - 0.05, 0.75 * WIDTH + 0.05
TITLE_SIZES = (28, 26, 24, 22, 20)
BODY_SIZES = (18, 17, 16, 15, 14)
SMALL = (SMALLEST,)
# what a layout may have beside a title without a place that would be left empty
FURNITURE = {PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER}
TITLES = {PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE}
SECTIONS = "{http://schemas.microsoft.com/office/powerpoint/2010/main}sectionLst"
NO_STYLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # of PowerPoint: no style, no grid
# Zip files know no date before 1980; a fixed one keeps equal slides equal byte by byte.
ZIP_DATE = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of one look; `size` is added to the size of the box, in points."""

    text: str
    is_bold: bool = False
    colour: str = theme.INK
    size: int = 0
    space: float = 0.0  # before it, in lines


def text_width(text: str, size: int, *, is_bold: bool = False) -> float:
    """Measure a text in inches.

    Parameters
    ----------
    text : str
        The text, on one line.
    size : int
        Font size in points.
    is_bold : bool
        Whether it is bold.

    Returns
    -------
    float
        A little more than the text needs.
    """
    return drawing.text_width(text, size, is_bold=is_bold) / 72 * WIDER


def text_height(paragraphs: Sequence[Paragraph], size: int, width: float) -> float:
    """Estimate how high paragraphs are in a box of a width, in inches."""
    points = 0.0
    for paragraph in paragraphs:
        own = max(size + paragraph.size, SMALLEST)
        lines = drawing.lines(paragraph.text, width / WIDER * 72, own, is_bold=paragraph.is_bold)
        points += (len(lines) + paragraph.space) * own * LINE
    return points / 72


def fitted(
    paragraphs: Sequence[Paragraph], width: float, height: float, sizes: Sequence[int] = BODY_SIZES
) -> tuple[list[Paragraph], int]:
    """Choose the largest font size at which paragraphs fit a box; cut them if none does.

    Parameters
    ----------
    paragraphs : sequence of Paragraph
        What to show.
    width, height : float
        Room for the text in inches.
    sizes : sequence of int
        Font sizes to try, the largest first.

    Returns
    -------
    paragraphs : list of Paragraph
        What fits.
    size : int
        The font size in points.
    """
    for size in sizes:
        if text_height(paragraphs, size, width) <= height:
            return list(paragraphs), size
    size = sizes[-1]
    kept: list[Paragraph] = []
    for paragraph in paragraphs:
        if text_height([*kept, paragraph], size, width) <= height:
            kept.append(paragraph)
            continue
        words = paragraph.text.split(" ")
        while words:
            words.pop()
            shorter = Paragraph(
                " ".join(words) + " …", paragraph.is_bold, paragraph.colour, paragraph.size, paragraph.space
            )
            if words and text_height([*kept, shorter], size, width) <= height:
                kept.append(shorter)
                break
        break
    return kept, size


def plain(text: str) -> str:
    """Replace the characters that XML does not allow: they must not stop the deck."""
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", " ", text)


def shortened(text: str, size: int, width: float) -> str:
    """Cut a text so that it fits one line, with an ellipsis where something is missing."""
    if text_width(text, size) <= width:
        return text
    while text and text_width(text + "…", size) > width:
        text = text[:-1]
    return text.rstrip() + "…"


def colour(code: str) -> RGBColor:
    """Turn a colour such as #0072b2 into one of the slides."""
    return RGBColor.from_string(code.lstrip("#").upper())


def opened(template: Path | None) -> Any:
    """Open a presentation without slides: that of a template, or a plain one.

    Parameters
    ----------
    template : Path, optional
        A .pptx file; its masters, layouts and fonts are kept, its slides are not.

    Returns
    -------
    Presentation

    Raises
    ------
    NotPossibleError
        If there is no such file, it is no presentation, its slides are too flat or too tall, or no layout has a title.
    """
    if template is None:
        presentation = Presentation()
        presentation.slide_width, presentation.slide_height = Inches(WIDTH), Inches(HEIGHT)
        return presentation
    if not template.is_file():
        raise NotPossibleError(f"The template {template} does not exist. Name a .pptx file with --template.")
    try:
        presentation = Presentation(str(template))
    except (PackageNotFoundError, zipfile.BadZipFile, ValueError, KeyError, SyntaxError):
        raise NotPossibleError(
            f"The template {template} is no presentation in the format .pptx. Open it in PowerPoint and save it as "
            "PowerPoint Presentation (.pptx), without a password."
        ) from None
    width, height = ((size or 0) / Inches(1) for size in (presentation.slide_width, presentation.slide_height))
    if not FLATTEST * width <= WIDTH * height <= TALLEST * width:
        raise NotPossibleError(
            f"The slides of the template {template} are {width:.2f} by {height:.2f} inches. Expected a format between "
            "Widescreen (16:9) and Standard (4:3). Set it with Design > Slide Size in PowerPoint and save it again."
        )
    _without_slides(presentation)
    _title_layout(presentation, template)
    return presentation


def _without_slides(presentation) -> None:
    """Remove the slides of a template, and what names them: their sections and the selections of slides to show."""
    whole = presentation.part._element
    named = [sections.getparent() for sections in whole.iter(SECTIONS)] + list(whole.iter(qn("p:custShowLst")))
    for part in named:
        part.getparent().remove(part)
    slides = presentation.slides._sldIdLst
    for slide in list(slides):
        presentation.part.drop_rel(slide.rId)
        slides.remove(slide)


def _title_layout(presentation, template: Path | None = None) -> Any:
    """Choose the layout with a title and the fewest other places to fill in."""
    layouts = [layout for master in presentation.slide_masters for layout in master.slide_layouts]
    with_title = [layout for layout in layouts if PP_PLACEHOLDER.TITLE in _places(layout)]
    with_title = with_title or [layout for layout in layouts if PP_PLACEHOLDER.CENTER_TITLE in _places(layout)]
    if not with_title:
        names = ", ".join(layout.name for layout in layouts) or "none"
        raise NotPossibleError(
            f"The template {template} has no layout with a title; its layouts: {names}. Add a title to one of them in "
            "PowerPoint (View > Slide Master > Title), and save it again."
        )
    return min(with_title, key=lambda layout: len(_places(layout)))


def _cover_layout(presentation) -> Any:
    """Choose the first layout that is made for a cover, else the one of all slides."""
    layouts = [layout for master in presentation.slide_masters for layout in master.slide_layouts]
    covers = [layout for layout in layouts if PP_PLACEHOLDER.CENTER_TITLE in _places(layout)]
    return covers[0] if covers else _title_layout(presentation)


def _places(layout) -> list[Any]:
    """Return the kinds of places that a slide gets from a layout."""
    return [
        place.placeholder_format.type for place in layout.placeholders if place.placeholder_format.type not in FURNITURE
    ]


class Deck:
    """Slides in the making.

    Parameters
    ----------
    title : str
        Title in the properties of the file.
    published_at : datetime
        When the tables were published: the date of the file.
    template : Path, optional
        A .pptx file whose masters, layouts, fonts and colours of texts are used.

    Attributes
    ----------
    bottom : float
        Where the body of a slide ends.

    Notes
    -----
    All places are in inches of a slide that is `WIDTH` wide, and all sizes of letters are points of such a slide: on
    the smaller slides of a template both are smaller, and look the same on a screen.
    """

    _slide: Any  # the one begun last; python-pptx says of add_chart what is not so

    def __init__(self, title: str, published_at: datetime, template: Path | None = None) -> None:
        self._presentation = opened(template)
        self._has_template = template is not None
        self._scale = round(self._presentation.slide_width / Inches(WIDTH), 3)
        self.bottom = BOTTOM + max(0.0, round(self._presentation.slide_height / Inches(self._scale) - HEIGHT, 2))
        self._layout = _title_layout(self._presentation)
        self._cover = _cover_layout(self._presentation) if self._has_template else self._layout
        properties = self._presentation.core_properties
        properties.title = title
        properties.author = properties.last_modified_by = "Customer segmentation"
        properties.created = properties.modified = published_at.replace(microsecond=0)
        properties.revision = 1

    @property
    def length(self) -> int:
        """How many slides there are."""
        return len(self._presentation.slides)

    def begin(
        self, title: str, *, label: str = "", mark: str = "", source: str = "", notes: str = "", is_cover: bool = False
    ) -> None:
        """Begin a slide.

        Parameters
        ----------
        title : str
            What the slide says, in a sentence.
        label : str
            What it is about, in small letters above the title.
        mark : str
            A warning beside the label, such as "synthetic data".
        source : str
            The tables behind it, at the bottom.
        notes : str
            What to say, for the speaker.
        is_cover : bool
            Whether it is the first slide, with a large title in the middle and no number.
        """
        self._slide = self._presentation.slides.add_slide(self._cover if is_cover else self._layout)
        for place in list(self._slide.placeholders):
            if place.placeholder_format.type not in TITLES:
                place._element.getparent().remove(place._element)  # it would ask to be filled in
        width = WIDTH - 2 * MARGIN
        if notes:
            self._slide.notes_slide.notes_text_frame.text = plain(notes)
        heading = [Paragraph(title, is_bold=True)]
        if is_cover:
            self._fill(self._slide.shapes.title, heading, MARGIN, 2.6, width, 1.1, (48, 40, 32), is_title=True)
            return
        if label:
            self.line(label, MARGIN, 0.3, 9.0)
        if mark:
            self.line(mark.upper(), WIDTH - MARGIN - 2.8, 0.3, 2.8, colour="#a84300", is_bold=True, is_right=True)
        self._fill(self._slide.shapes.title, heading, MARGIN, 0.65, width, 0.98, TITLE_SIZES, is_title=True)
        if source:
            self.line(source, MARGIN, self.bottom + 0.15, 11.0)
        self.line(f"{self.length}", WIDTH - MARGIN - 0.8, self.bottom + 0.15, 0.8, is_right=True)

    def line(
        self,
        text: str,
        left: float,
        top: float,
        width: float,
        *,
        colour: str = theme.MUTED,
        is_bold: bool = False,
        is_right: bool = False,
    ) -> None:
        """Put one line of the smallest letters somewhere, cut where it is too long."""
        shown = shortened(text, SMALLEST, (width - 2 * INSET) / self._wider / (1.07 if is_bold else 1))
        self.text([Paragraph(shown, is_bold, colour)], left, top, width, LINE_HEIGHT, sizes=SMALL, is_right=is_right)

    @property
    def _wider(self) -> float:
        return UNKNOWN_FONT if self._has_template else 1.0

    def _inches(self, length: float) -> Inches:
        return Inches(length * self._scale)

    def _place(self, *lengths: float) -> list[Inches]:
        return [self._inches(length) for length in lengths]

    def _points(self, size: float) -> Pt:
        return Pt(size * self._scale)

    def _fitted(self, paragraphs, width, height, sizes) -> tuple[list[Paragraph], int]:
        return fitted(paragraphs, width / self._wider, height, sizes)

    def text(
        self,
        paragraphs: Sequence[Paragraph],
        left: float,
        top: float,
        width: float,
        height: float,
        *,
        sizes: Sequence[int] = BODY_SIZES,
        is_right: bool = False,
    ) -> None:
        """Put paragraphs into a box, as large as they fit."""
        if paragraphs:
            box = self._slide.shapes.add_textbox(*self._place(left, top, width, height))
            self._fill(box, paragraphs, left, top, width, height, sizes, is_right=is_right)

    def texts(self, boxes: Sequence[tuple], *, sizes: Sequence[int] = BODY_SIZES) -> None:
        """Put paragraphs into several boxes, all at the size at which the fullest one fits.

        Parameters
        ----------
        boxes : sequence of tuple
            Paragraphs, left, top, width and height of each box.
        sizes : sequence of int
            Font sizes to try, the largest first.
        """
        common = min(
            self._fitted(paragraphs, width - 2 * INSET, height - 2 * INSET, sizes)[1]
            for paragraphs, _, _, width, height in boxes
        )
        for paragraphs, left, top, width, height in boxes:
            self.text(paragraphs, left, top, width, height, sizes=(common,))

    def _fill(self, shape, paragraphs, left, top, width, height, sizes, *, is_right=False, is_title=False) -> None:
        shape.left, shape.top, shape.width, shape.height = self._place(left, top, width, height)
        frame = shape.text_frame
        frame.word_wrap = True
        frame.auto_size = MSO_AUTO_SIZE.NONE
        frame.vertical_anchor = MSO_ANCHOR.TOP
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = self._inches(INSET)
        shown, size = self._fitted(paragraphs, width - 2 * INSET, height - 2 * INSET, sizes)
        self._write(frame, shown, size, is_right=is_right, is_title=is_title)

    def _write(self, frame, paragraphs, size, *, is_right=False, is_title=False) -> None:
        """Write paragraphs, with the font of the template and its colours where there is one."""
        frame.word_wrap = True
        for position, paragraph in enumerate(paragraphs):
            line = frame.paragraphs[0] if position == 0 else frame.add_paragraph()
            line.alignment = PP_ALIGN.RIGHT if is_right else PP_ALIGN.LEFT
            line.line_spacing = 1.0
            own = max(size + paragraph.size, SMALLEST)
            if paragraph.space:
                line.space_before = self._points(paragraph.space * own * LINE)
            run = line.add_run()
            run.text = plain(paragraph.text)
            run.font.name, run.font.size, run.font.bold = FONT, self._points(own), paragraph.is_bold
            run.font.color.rgb = colour(paragraph.colour)
        for run in (run for line in frame.paragraphs for run in line.runs):
            self._dress(run.font, is_title=is_title)

    def _dress(self, font, *, is_title: bool = False) -> None:
        """Give a font of the slides the look of the template: a colour that means something stays."""
        if not self._has_template:
            return
        font.name = None
        if is_title:
            font._rPr.remove(font._rPr.find(qn("a:solidFill")))
        elif font.color.rgb in (colour(theme.INK), colour(theme.MUTED)):
            font.color.theme_color = MSO_THEME_COLOR.TEXT_1

    def bar(self, code: str, left: float, top: float, width: float, height: float) -> None:
        """Draw a rectangle of a colour."""
        shape = self._slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, *self._place(left, top, width, height))
        shape.fill.solid()
        shape.fill.fore_color.rgb = colour(code)
        shape.line.fill.background()
        # The style of the presentation would add a shadow.
        shape._element.remove(shape._element.find(qn("p:style")))

    def chart(
        self,
        names: Sequence[str],
        values: Sequence[float | None],
        colours: Sequence[str],
        place: tuple[float, float, float, float],
        *,
        labels: Sequence[str],
        series: str,
        alternative: str,
        is_horizontal: bool = True,
        maximum: float | None = None,
        size: int = SMALLEST,
    ) -> None:
        """Draw a native bar chart, one colour per bar, with the figures on the bars.

        Parameters
        ----------
        names : sequence of str
            Name of each bar.
        values : sequence of float or None
            Length of each bar.
        colours : sequence of str
            Colour of each bar.
        place : tuple of four floats
            Left, top, width and height in inches.
        labels : sequence of str
            What is written on each bar.
        series : str
            What is drawn.
        alternative : str
            A text for readers who cannot see the chart.
        is_horizontal : bool
            Whether bars lie.
        maximum : float, optional
            End of the scale.
        size : int
            Font size of names and figures in points.
        """
        left, top, width, height = place
        data = CategoryChartData()
        data.categories = [plain(shortened(name, size, width * 0.45 / self._wider)) for name in names]
        data.add_series(series, [None if value is None else float(value) for value in values])
        kind = XL_CHART_TYPE.BAR_CLUSTERED if is_horizontal else XL_CHART_TYPE.COLUMN_CLUSTERED
        shape = self._slide.shapes.add_chart(kind, *self._place(left, top, width, height), data)
        shape._element.nvGraphicFramePr.cNvPr.set("descr", plain(alternative))
        chart = shape.chart
        chart.has_legend = False
        chart.has_title = False
        chart.font.name, chart.font.size, chart.font.color.rgb = FONT, self._points(size), colour(theme.INK)
        self._dress(chart.font)
        chart.category_axis.format.line.color.rgb = colour(theme.GRID)
        chart.category_axis.has_major_gridlines = False
        chart.category_axis.reverse_order = is_horizontal
        chart.value_axis.visible = False
        chart.value_axis.has_major_gridlines = False
        chart.value_axis.minimum_scale = 0
        if maximum is not None:
            chart.value_axis.maximum_scale = maximum
        plot = chart.plots[0]
        plot.gap_width = 45
        plot.vary_by_categories = False
        for position, (code, label) in enumerate(zip(colours, labels, strict=True)):
            point = plot.series[0].points[position]
            point.format.fill.solid()
            point.format.fill.fore_color.rgb = colour(code)
            point.data_label.position = XL_LABEL_POSITION.OUTSIDE_END
            frame = point.data_label.text_frame
            frame.text = plain(label)
            run = frame.paragraphs[0].runs[0] if frame.paragraphs[0].runs else None
            if run is not None:
                run.font.size, run.font.name, run.font.color.rgb = self._points(size), FONT, colour(theme.INK)
                self._dress(run.font)

    def table(
        self,
        headers: Sequence[str],
        rows: Sequence[Sequence[Paragraph]],
        widths: Sequence[float],
        top: float,
        height: float,
        *,
        left: float = MARGIN,
        largest: int = 16,
    ) -> None:
        """Draw a native table whose texts fit their cells.

        Parameters
        ----------
        headers : sequence of str
            Heads of the columns.
        rows : sequence of sequence of Paragraph
            Cells.
        widths : sequence of float
            Width of each column in inches.
        top, height : float
            Place of the table, and the room there is.
        left : float
            Where it begins.
        largest : int
            Largest font size in points.
        """
        head = 0.4
        pad = 0.06
        room = (height - head) / max(len(rows), 1)
        sizes = [size for size in BODY_SIZES if size <= largest]
        # One size for the whole table, so that no cell is higher than its share of the room.
        size = largest
        for row in rows:
            for cell, width in zip(row, widths, strict=True):
                size = min(size, self._fitted([cell], width - 0.2, room - 2 * pad, sizes)[1])
        shape = self._slide.shapes.add_table(
            len(rows) + 1,
            len(widths),
            *self._place(left, top, sum(widths), height),
        )
        table = shape.table
        table.horz_banding = False
        _without_style(shape)
        for position, width in enumerate(widths):
            table.columns[position].width = self._inches(width)
        table.rows[0].height = self._inches(head)
        for position, header in enumerate(headers):
            self._cell(table.cell(0, position), [Paragraph(header, is_bold=True, colour=theme.MUTED)], SMALLEST, pad)
        for number, row in enumerate(rows, start=1):
            shown = [
                self._fitted([cell], width - 0.2, room - 2 * pad, [size])[0]
                for cell, width in zip(row, widths, strict=True)
            ]
            needed = max(
                text_height(cell, size, (width - 0.2) / self._wider) for cell, width in zip(shown, widths, strict=True)
            )
            table.rows[number].height = self._inches(min(room, max(needed + 2 * pad + 0.1, 0.34)))
            for position, paragraphs in enumerate(shown):
                self._cell(table.cell(number, position), paragraphs, size, pad)
        shape.height = Emu(sum(row.height for row in table.rows))

    def _cell(self, cell, paragraphs, size, pad) -> None:
        cell.margin_left = cell.margin_right = self._inches(0.1)
        cell.margin_top = cell.margin_bottom = self._inches(pad)
        cell.vertical_anchor = MSO_ANCHOR.MIDDLE
        cell.fill.background()
        _underline(cell, theme.GRID)
        self._write(cell.text_frame, paragraphs, size)

    def content(self) -> bytes:
        """Return the file; the same slides give the same bytes."""
        written = io.BytesIO()
        self._presentation.save(written)
        return _with_fixed_dates(written.getvalue())


def _without_style(shape) -> None:
    """Take the style of the presentation from a table: no fills, no lines but those drawn."""
    shape._element.graphic.graphicData.tbl.tblPr.find(qn("a:tableStyleId")).text = NO_STYLE


def _underline(cell, code: str) -> None:
    """Draw a thin line below a cell."""
    line = cell._tc.get_or_add_tcPr().makeelement(qn("a:lnB"), {"w": "9525"})
    fill = line.makeelement(qn("a:solidFill"), {})
    fill.append(fill.makeelement(qn("a:srgbClr"), {"val": code.lstrip("#").upper()}))
    line.append(fill)
    # Lines come before fills in the properties of a cell.
    cell._tc.tcPr.insert(0, line)


def _with_fixed_dates(content: bytes, *, is_workbook: bool = False) -> bytes:
    """Write a zip anew with one date for every member, and the workbooks behind the charts in the same way."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(written, "w") as target:
        for name in source.namelist():
            member = source.read(name)
            if name.endswith(".xlsx"):
                member = _with_fixed_dates(member, is_workbook=True)
            elif is_workbook and name == "docProps/core.xml":
                member = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"1980-01-01T00:00:00Z", member)
            information = zipfile.ZipInfo(name, ZIP_DATE)
            information.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(information, member)
    return written.getvalue()
