import io
import re
import zipfile

import duckdb
import pytest
from pptx import Presentation
from pptx.enum.dml import MSO_THEME_COLOR
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.oxml import parse_xml
from pptx.util import Emu, Inches, Pt

from customer_segmentation.cli.main import main
from customer_segmentation.errors import NotPossibleError
from customer_segmentation.publication.tables import Publication
from customer_segmentation.report import slides
from customer_segmentation.report.deck import HEIGHT, SMALLEST, WIDTH, Paragraph, fitted, text_height
from helpers.small_experiments import add_experiment
from helpers.small_movement import SHOP, add_first_day, add_movement
from helpers.small_publication import MALL, Described, publish, run_command
from helpers.small_value import add_value

LONG = tuple(f"Persona {number} with a name that goes on and on, and an Unbreakable{'x' * 40}" for number in range(12))


def made_from(path, template=None) -> bytes:
    with Publication(path) as publication:
        return slides.build(publication, template)


def opened(content: bytes):
    return Presentation(io.BytesIO(content))


def texts(presentation) -> list[str]:
    return [
        " ".join(
            [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
            + [
                cell.text_frame.text
                for shape in slide.shapes
                if shape.has_table
                for row in shape.table.rows
                for cell in row.cells
            ]
        )
        for slide in presentation.slides
    ]


def frames(slide):
    """Return the texts of a slide: of boxes and of cells."""
    for shape in slide.shapes:
        if shape.has_text_frame:
            yield shape.text_frame
        if shape.has_table:
            yield from (cell.text_frame for row in shape.table.rows for cell in row.cells)


def too_small(presentation, smallest=14) -> list[str]:
    """List the texts whose letters are smaller, or inherit a size from an unknown place."""
    found = []
    for number, slide in enumerate(presentation.slides, start=1):
        runs = [run for frame in frames(slide) for line in frame.paragraphs for run in line.runs]
        found += [f"{number}: {run.text}" for run in runs if run.font.size is None or run.font.size.pt < smallest]
        for chart in [shape.chart for shape in slide.shapes if shape.has_chart]:
            sizes = re.findall(r'sz="(\d+)"', chart.part.blob.decode())
            found += [f"{number}: a chart of {size} hundredths" for size in sizes if int(size) < 100 * smallest]
            found += [] if sizes else [f"{number}: a chart"]
    return found


def height_of(frame, width, scale) -> float:
    """Estimate the height of the text in a frame from its fonts, in inches of a slide of the usual width."""
    total = 0.0
    for paragraph in frame.paragraphs:
        for run in paragraph.runs:
            total += text_height([Paragraph(run.text, bool(run.font.bold))], round(run.font.size.pt / scale), width)
        total += (paragraph.space_before or Emu(0)) / 914400 / scale
    return total


def assert_everything_fits(presentation):
    right, bottom = presentation.slide_width, presentation.slide_height
    scale = right / Inches(WIDTH)
    inch = 914400 * scale
    for number, slide in enumerate(presentation.slides, start=1):
        for shape in slide.shapes:
            assert 0 <= shape.left < shape.left + shape.width <= right, (number, shape.name)
            assert 0 <= shape.top < shape.top + shape.height <= bottom, (number, shape.name)
            if shape.has_text_frame and shape.text_frame.text:
                room = (shape.height - 2 * shape.text_frame.margin_top) / inch
                width = (shape.width - 2 * shape.text_frame.margin_left) / inch
                assert height_of(shape.text_frame, width, scale) <= room + 0.01, (number, shape.text_frame.text)
            if shape.has_table:
                columns = [column.width / inch - 0.2 for column in shape.table.columns]
                for row in shape.table.rows:
                    for cell, width in zip(row.cells, columns, strict=True):
                        room = (row.height - cell.margin_top - cell.margin_bottom) / inch
                        assert height_of(cell.text_frame, width, scale) <= room + 0.01, (number, cell.text_frame.text)


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    path = tmp_path_factory.mktemp("small") / "marts.duckdb"
    return publish(
        path, MALL, Described("sales_personas", "sales", ("X", "Y"), is_synthetic=True),
        Described("retail_personas", "retail", ("P", "Q", "R"), is_synthetic=True),
    )  # fmt: skip


def test_three_datasets_make_a_deck_that_says_what_to_do_before_why(small):
    presentation = opened(made_from(small))
    assert_everything_fits(presentation)
    told = texts(presentation)
    assert len(told) == 23
    assert "Customer segments" in told[0]
    assert "Published on 2 January 2025" in told[0]
    assert "Mall: 150 customers as of 31 December 2024" in told[0]
    assert "Sales: 150 synthetic customers" in told[0]
    assert "Eight segments in three segmentations; six of them come back in new samples" in told[1]
    assert "What to offer: " in told[3]
    assert told[4].startswith("Big Spenders: 33.4 % of the customers")
    assert "Contradicted: age: claimed high" in told[5]
    assert "Three segments: all seven criteria agree" in told[7]
    assert "Two of three segments come back in new samples" in told[8]
    assert "SYNTHETIC DATA" in told[9]
    assert "What to do next" in told[-1]


def test_each_segment_of_a_default_segmentation_has_one_slide(small):
    presentation = opened(made_from(small))
    titles = [slide.shapes.title.text_frame.text for slide in presentation.slides]
    for persona in (*MALL.personas, *"XYPQR"):
        assert sum(title.startswith(f"{persona}: ") for title in titles) == 1
    told = texts(presentation)[4]
    for text in ("feature typical middle half all customers", "What sets them apart", "What to offer", "How sure"):
        assert text in told.replace("\n", " ")


def test_no_text_is_smaller_than_14_points_wherever_it_is(small):
    presentation = opened(made_from(small))
    assert SMALLEST == 14
    assert not too_small(presentation)
    run = next(run for frame in frames(presentation.slides[3]) for run in frame.paragraphs[0].runs)
    run.font.size = Pt(12)
    assert too_small(presentation) == [f"4: {run.text}"]
    run.font.size = None
    assert too_small(presentation) == [f"4: {run.text}"]
    run.font.size = Pt(14)
    (chart,) = [shape.chart for shape in presentation.slides[2].shapes if shape.has_chart]
    chart.font.size = Pt(12)
    assert too_small(presentation) == ["3: a chart of 1200 hundredths"]


def test_every_slide_has_a_title_of_its_own_and_notes_with_its_tables(small):
    presentation = opened(made_from(small))
    for number, slide in enumerate(presentation.slides, start=1):
        assert slide.shapes.title.text_frame.text
        notes = slide.notes_slide.notes_text_frame.text
        assert number == 1 or "Source: the published tables" in notes


def test_charts_are_native_with_the_figures_of_the_tables_and_words_for_who_cannot_see_them(small):
    presentation = opened(made_from(small))
    charts = [shape for slide in presentation.slides for shape in slide.shapes if shape.has_chart]
    assert len(charts) == 9
    assert all(shape._element.nvGraphicFramePr.cNvPr.get("descr") for shape in charts)
    sizes = charts[0].chart.plots[0]
    assert list(sizes.categories) == list(MALL.personas)
    assert list(sizes.series[0].values) == [50, 50, 50]


def test_the_same_publication_gives_the_same_bytes(small, monkeypatch):
    first = made_from(small)
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    assert made_from(small) == first


@pytest.mark.slow
def test_twelve_segments_with_long_names_fit(tmp_path):
    path = publish(tmp_path / "marts.duckdb", Described("mall_many", "mall", LONG))
    with duckdb.connect(str(path)) as database:
        database.execute("update personas set description = repeat('A long description of who they are. ', 40)")
        database.execute("update campaign_recommendations set rationale = repeat('There are many reasons. ', 40)")
        database.execute("update k_recommendation set sentence = repeat('Many criteria were asked. ', 60)")
    presentation = opened(made_from(path))
    assert_everything_fits(presentation)
    assert len(presentation.slides) == 21  # two slides list half of the segments each, twice; each has one of its own
    told = " ".join(texts(presentation))
    assert "(1 of 2)" in told
    assert "…" in told


def test_the_deck_of_a_user_with_one_feature_and_one_dataset(tmp_path):
    path = publish(tmp_path / "marts.duckdb", Described("own", "own", ("Low\x0b", "<High> & more"), features=("age",)))
    presentation = opened(made_from(path))
    assert len(presentation.slides) == 9
    assert_everything_fits(presentation)
    assert "<High> & more" in " ".join(texts(presentation))


def test_without_evidence_the_slides_say_so(tmp_path):
    presentation = opened(made_from(publish(tmp_path / "marts.duckdb", evidence=False)))
    assert_everything_fits(presentation)
    told = texts(presentation)
    assert "their stability was not computed" in told[1]
    assert "Not computed: too few customers, or built with `evidence: none`." in told[7]
    assert "The stability of the segments was not computed" in told[8]


def test_the_slides_of_the_whole_build_fit(built):
    path = built.published / "marts.duckdb"
    presentation = opened(made_from(path))
    ((segments,),) = built.published_query("select count(*) from segments where is_default")
    assert segments + 8 <= len(presentation.slides) <= segments + slides.MOST_SLIDES
    assert_everything_fits(presentation)
    assert not too_small(presentation)
    told = " ".join(texts(presentation))
    assert "…" not in told
    for (sentence,) in built.published_query("select sentence from campaign_effects where is_outcome and not is_total"):
        assert sentence in told


def test_the_command_writes_one_whole_file(small, tmp_path):
    outcome = run_command("slides", small, tmp_path / "slides", fresh=True)
    assert outcome.returncode == 0, outcome.stderr
    assert [file.name for file in (tmp_path / "slides").iterdir()] == ["slides.pptx"]


@pytest.mark.slow
def test_what_does_not_fit_at_the_smallest_size_ends_with_an_ellipsis():
    shown, size = fitted([Paragraph("word " * 500)], 2.0, 1.0)
    assert size == 14
    assert shown[0].text.endswith("…")
    assert text_height(shown, size, 2.0) <= 1.0


def test_what_changed_has_a_slide_where_something_has(tmp_path):
    path = add_first_day(add_movement(publish(tmp_path / "marts.duckdb", SHOP, MALL)), MALL.segmentation)
    presentation = opened(made_from(path))
    assert_everything_fits(presentation)
    told = [text for text in texts(presentation) if "What changed" in text]
    assert len(told) == 1
    assert "What changed: seven customers moved to another segment, four came and two went" in told[0]
    assert "from to customers Often Seldom 5 Seldom Often 2" in told[0]
    assert "visits (large drift)" in told[0]


def test_what_a_campaign_has_changed_has_a_slide_where_it_was_measured(tmp_path):
    presentation = opened(made_from(add_experiment(publish(tmp_path / "marts.duckdb", SHOP, MALL))))
    assert_everything_fits(presentation)
    assert not too_small(presentation)
    (told,) = [text for text in texts(presentation) if "Effect on money per customer, against a control" in text]
    assert "Campaign 1.1: gain proven for all personas together: between $" in told
    assert re.search(r"Gain proven for Often: between \$\d+\.\d\d and \$\d+\.\d\d each\.", told)
    assert "No effect proven for Seldom" in told
    assert "800 customers got the campaign, 800 in the control got nothing." in told
    assert re.search(r"persona effect interval verdict All personas \$[\d.]+ \$[\d.]+ to \$[\d.]+ gain proven", told)
    planned = opened(made_from(add_experiment(publish(tmp_path / "planned.duckdb", SHOP), has_results=False)))
    assert not [text for text in texts(planned) if "Effect on money per customer, against a control" in text]


def test_one_slide_is_about_value_in_letters_that_are_read_from_afar(tmp_path):
    presentation = opened(made_from(add_value(publish(tmp_path / "marts.duckdb", SHOP, MALL))))
    assert_everything_fits(presentation)
    title = "Champions are 40 % of the customers and bring 95 % of the money"
    (slide,) = [one for one in presentation.slides if one.shapes.title.text_frame.text == title]
    assert (
        "12 % of the customers bring 50 % of the money; the top 10 % bring 45 %."
        in texts(presentation)[list(presentation.slides).index(slide)]
    )
    (shape,) = [shape for shape in slide.shapes if shape.has_chart]
    assert list(shape.chart.plots[0].categories) == ["Champions", "Need Attention", "Lost"]
    assert [round(share, 3) for share in shape.chart.plots[0].series[0].values] == [0.95, 0.04, 0.01]
    assert "Champions: 95 % of the money, 40 % of the customers" in shape._element.nvGraphicFramePr.cNvPr.get("descr")
    assert shape.chart.font.size.pt >= 14
    body = [shape for shape in slide.shapes if shape.has_text_frame and 1.7 < shape.top / 914400 < 6.8]
    sizes = {run.font.size.pt for shape in body for line in shape.text_frame.paragraphs for run in line.runs}
    assert sizes
    assert min(sizes) >= 14


def test_no_slide_is_about_the_value_of_a_score(tmp_path):
    path = add_value(publish(tmp_path / "marts.duckdb", SHOP), feature="spending_score", is_money=False)
    assert not [text for text in texts(opened(made_from(path))) if "Champions" in text]


SECTIONS = (
    '<p:extLst xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main">'
    '<p:ext uri="{521415D9-36F7-43E2-AB2F-B90AF26B5E84}">'
    '<p14:sectionLst xmlns:p14="http://schemas.microsoft.com/office/powerpoint/2010/main">'
    '<p14:section name="Old" id="{00000000-0000-0000-0000-000000000001}"><p14:sldIdLst><p14:sldId id="256"/>'
    "</p14:sldIdLst></p14:section></p14:sectionLst></p:ext></p:extLst>"
)


def template_at(path, *, width=WIDTH, height=HEIGHT, layouts=None):
    """Write a template as a company has it: a master of its own, some layouts, a slide and a section."""
    presentation = Presentation()
    presentation.slide_width, presentation.slide_height = Inches(width), Inches(height)
    master = presentation.slide_master
    master._element.cSld.set("name", "Wolkenstein Ltd")
    for layout in list(master.slide_layouts):
        if layouts is not None and layout.name not in layouts:
            master.slide_layouts.remove(layout)
    slide = presentation.slides.add_slide(master.slide_layouts[0])
    slide.shapes.add_textbox(0, 0, Inches(2), Inches(1)).text_frame.text = "An old slide"
    presentation.part._element.append(parse_xml(SECTIONS))
    presentation.save(path)
    return path


def test_a_template_gives_its_masters_layouts_and_fonts(small, tmp_path):
    template = template_at(tmp_path / "own.pptx", layouts=("Title and Content", "Title Slide", "Title Only"))
    content = made_from(small, template)
    presentation = opened(content)
    assert_everything_fits(presentation)
    assert not too_small(presentation)
    assert presentation.slide_master.name == "Wolkenstein Ltd"
    names = [slide.slide_layout.name for slide in presentation.slides]
    assert names == ["Title Slide", *["Title Only"] * (len(names) - 1)]
    assert len(names) == len(opened(made_from(small)).slides)
    every = [
        run
        for slide in presentation.slides
        for frame in frames(slide)
        for line in frame.paragraphs
        for run in line.runs
    ]
    assert {run.font.name for run in every} == {None}
    body = [run for run in every if run.font.color.type is not None and run.font.color.theme_color]
    assert {run.font.color.theme_color for run in body} >= {MSO_THEME_COLOR.TEXT_1}
    assert "An old slide" not in " ".join(texts(presentation))
    with zipfile.ZipFile(io.BytesIO(content)) as files:
        assert b"sectionLst" not in files.read("ppt/presentation.xml")
    assert made_from(small, template) == content


@pytest.mark.parametrize("size", [(10, 7.5), (10, 5.625), (11.69, 8.27), (13.333, 8.333)])
def test_slides_of_another_format_are_filled_and_their_letters_have_the_same_share_of_them(small, tmp_path, size):
    width, height = size
    presentation = opened(made_from(small, template_at(tmp_path / "own.pptx", width=width, height=height)))
    assert (presentation.slide_width, presentation.slide_height) == (Inches(width), Inches(height))
    assert_everything_fits(presentation)
    assert not too_small(presentation, 13.9 * width / WIDTH)
    for slide in list(presentation.slides)[1:]:
        ends = [shape.top + shape.height for shape in slide.shapes]
        assert max(ends) > presentation.slide_height * 0.95
        assert max(shape.left + shape.width for shape in slide.shapes) > presentation.slide_width * 0.9


def test_layouts_are_chosen_by_their_places_and_no_place_is_left_empty(small, tmp_path):
    template = template_at(tmp_path / "own.pptx", layouts=("Blank", "Two Content", "Title and Content"))
    presentation = opened(made_from(small, template))
    assert {slide.slide_layout.name for slide in presentation.slides} == {"Title and Content"}
    kinds = {place.placeholder_format.type for slide in presentation.slides for place in slide.placeholders}
    assert kinds == {PP_PLACEHOLDER.TITLE}


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda path: template_at(path, layouts=("Blank",)), "has no layout with a title; its layouts: Blank. Add a"),
        (
            lambda path: template_at(path, width=5),
            "are 5.00 by 7.50 inches. Expected a format between Widescreen (16:9)",
        ),
        (
            lambda path: template_at(path, width=14),
            "are 14.00 by 7.50 inches. Expected a format between Widescreen (16:9)",
        ),
        (lambda path: path.write_bytes(b"no presentation"), "is no presentation in the format .pptx. Open it in"),
        (lambda path: None, "own.pptx does not exist. Name a .pptx file with --template."),
    ],
)
def test_a_template_that_cannot_be_used_is_said_plainly(small, tmp_path, make, message):
    make(tmp_path / "own.pptx")
    with pytest.raises(NotPossibleError, match=re.escape(message)):
        made_from(small, tmp_path / "own.pptx")


def test_the_template_is_named_by_the_option_or_the_environment(small, tmp_path, monkeypatch):
    template = template_at(tmp_path / "own.pptx")
    monkeypatch.setenv("SEGMENTATION_TEMPLATE", str(tmp_path / "missing.pptx"))
    outcome = run_command("slides", small, tmp_path / "slides")
    assert outcome.returncode == 1
    assert "missing.pptx does not exist" in outcome.stderr
    assert not (tmp_path / "slides" / "slides.pptx").exists()
    options = ["slides", "--published", str(small), "--folder", str(tmp_path / "slides"), "--template", str(template)]
    assert main(options) == 0
    assert opened((tmp_path / "slides" / "slides.pptx").read_bytes()).slide_master.name == "Wolkenstein Ltd"
