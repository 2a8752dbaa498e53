import io

import duckdb
import pytest
from pptx import Presentation
from pptx.util import Emu

from customer_segmentation.publication.tables import Publication
from customer_segmentation.report import slides
from customer_segmentation.report.deck import Paragraph, fitted, text_height
from helpers.small_movement import SHOP, add_first_day, add_movement
from helpers.small_publication import MALL, Described, publish, run_command
from helpers.small_value import add_value

LONG = tuple(f"Persona {number} with a name that goes on and on, and an Unbreakable{'x' * 40}" for number in range(12))


def made_from(path) -> bytes:
    with Publication(path) as publication:
        return slides.build(publication)


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


def height_of(frame, width) -> float:
    """Estimate the height of the text in a frame from its fonts, in inches."""
    total = 0.0
    for paragraph in frame.paragraphs:
        for run in paragraph.runs:
            total += text_height([Paragraph(run.text, bool(run.font.bold))], round(run.font.size.pt), width)
        total += (paragraph.space_before or Emu(0)) / 914400
    return total


def assert_everything_fits(presentation):
    right, bottom = presentation.slide_width, presentation.slide_height
    for number, slide in enumerate(presentation.slides, start=1):
        for shape in slide.shapes:
            assert 0 <= shape.left < shape.left + shape.width <= right, (number, shape.name)
            assert 0 <= shape.top < shape.top + shape.height <= bottom, (number, shape.name)
            if shape.has_text_frame and shape.text_frame.text:
                room = (shape.height - 2 * shape.text_frame.margin_top) / 914400
                width = (shape.width - 2 * shape.text_frame.margin_left) / 914400
                assert height_of(shape.text_frame, width) <= room + 0.01, (number, shape.text_frame.text)
            if shape.has_table:
                columns = [column.width / 914400 - 0.2 for column in shape.table.columns]
                for row in shape.table.rows:
                    for cell, width in zip(row.cells, columns, strict=True):
                        room = (row.height - cell.margin_top - cell.margin_bottom) / 914400
                        assert height_of(cell.text_frame, width) <= room + 0.01, (number, cell.text_frame.text)


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    path = tmp_path_factory.mktemp("small") / "marts.duckdb"
    return publish(
        path, MALL, Described("sales_personas", "sales", ("X", "Y"), is_synthetic=True),
        Described("retail_personas", "retail", ("P", "Q", "R"), is_synthetic=True),
    )  # fmt: skip


def test_three_datasets_make_a_short_deck_that_says_what_was_found(small):
    presentation = opened(made_from(small))
    assert len(presentation.slides) == 14
    assert_everything_fits(presentation)
    told = texts(presentation)
    assert "Customer segments" in told[0]
    assert "2 January 2025" in told[0]
    assert "Eight segments in three segmentations; six of them come back in new samples" in told[1]
    assert "Contradicted: age: claimed high" in told[3]
    assert "What to offer: " in told[4]
    assert "Three segments: all seven criteria agree" in told[5]
    assert "Two of three segments come back in new samples" in told[6]
    assert "SYNTHETIC DATA" in told[7]
    assert "What to do next" in told[-1]


def test_every_slide_has_a_title_of_its_own_and_notes_with_its_tables(small):
    presentation = opened(made_from(small))
    for number, slide in enumerate(presentation.slides, start=1):
        assert slide.shapes.title.text_frame.text
        notes = slide.notes_slide.notes_text_frame.text
        assert number == 1 or "Source: the published tables" in notes


def test_charts_are_native_with_the_figures_of_the_tables_and_words_for_who_cannot_see_them(small):
    presentation = opened(made_from(small))
    charts = [shape for slide in presentation.slides for shape in slide.shapes if shape.has_chart]
    assert len(charts) == 5
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
    assert len(presentation.slides) == 11  # three pages about segments take two slides each
    told = " ".join(texts(presentation))
    assert "(1 of 2)" in told
    assert "…" in told


def test_the_deck_of_a_user_with_one_feature_and_one_dataset(tmp_path):
    path = publish(tmp_path / "marts.duckdb", Described("own", "own", ("Low\x0b", "<High> & more"), features=("age",)))
    presentation = opened(made_from(path))
    assert len(presentation.slides) == 8
    assert_everything_fits(presentation)
    assert "<High> & more" in " ".join(texts(presentation))


def test_without_evidence_the_slides_say_so(tmp_path):
    presentation = opened(made_from(publish(tmp_path / "marts.duckdb", evidence=False)))
    assert_everything_fits(presentation)
    told = texts(presentation)
    assert "their stability was not computed" in told[1]
    assert "Not computed: this publication was built with `evidence: none`." in told[5]
    assert "The stability of the segments was not computed" in told[6]


def test_the_slides_of_the_whole_build_fit(built):
    presentation = opened(made_from(built.published / "marts.duckdb"))
    assert 8 <= len(presentation.slides) <= slides.MOST_SLIDES
    assert_everything_fits(presentation)


def test_the_command_writes_one_whole_file(small, tmp_path):
    outcome = run_command("slides", small, tmp_path / "slides", fresh=True)
    assert outcome.returncode == 0, outcome.stderr
    assert [file.name for file in (tmp_path / "slides").iterdir()] == ["slides.pptx"]


@pytest.mark.slow
def test_what_does_not_fit_at_the_smallest_size_ends_with_an_ellipsis():
    shown, size = fitted([Paragraph("word " * 500)], 2.0, 1.0)
    assert size == 10
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
