import base64
import json
import re
import shutil
import zlib
from html.parser import HTMLParser
from itertools import pairwise

import altair as alt
import duckdb
import plotly.graph_objects
import pytest
from jsonschema import ValidationError

from customer_segmentation.publication.tables import Publication
from customer_segmentation.report import interactive as report
from customer_segmentation.report import page, theme
from helpers.browser import GRAVE, chromium, hurdles
from helpers.small_experiments import EXPERIMENT, add_experiment
from helpers.small_movement import SHOP, add_first_day, add_movement
from helpers.small_publication import EVIDENCE, MALL, Described, publish, run_command

HOSTILE = (
    "</script><script>alert(1)</script>",
    '"><img src="http://evil.example/x.png" onerror="alert(2)">',
    "{{ 7 * 7 }} & <b>bold</b> 'quoted' \\u003c",
)


MOST_BYTES = 3 * 1024 * 1024  # a report goes by mail; plotly.js alone would be 4.8 million
MOST_PAGES = 20


class Page(HTMLParser):
    """What a browser would see of a page: its elements, its visible text and the data of its scripts."""

    def __init__(self, content: bytes):
        super().__init__(convert_charrefs=True)
        self.elements = []
        self.text = []
        self.unfolded = []  # the text and the ids that are behind no line that opens them
        self.scripts = []
        self._open = None
        self._depth = 0
        self.feed(content.decode("utf-8"))

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        self._open = tag
        self._depth += tag == "details"
        if self._depth == 0:
            self.unfolded.append(dict(attributes).get("id", ""))
        if tag == "script":
            self.scripts.append((dict(attributes), ""))

    def handle_endtag(self, tag):
        self._open = None
        self._depth -= tag == "details"

    def handle_data(self, data):
        if self._open == "script":
            attributes, before = self.scripts[-1]
            self.scripts[-1] = (attributes, before + data)
        elif self._open != "style":
            self.text.append(data)
            if self._depth == 0:
                self.unfolded.append(data)

    def words(self):
        return " ".join(" ".join(self.text).split())

    def packed(self):
        """What the page unpacks, by its name."""
        return {
            attributes["id"].removeprefix("packed-"): zlib.decompress(base64.b64decode(source)).decode()
            for attributes, source in self.scripts
            if attributes.get("id", "").startswith("packed-")
        }

    def figures(self):
        return json.loads(self.packed()["figures"])

    def spaces(self):
        return {attributes["id"] for _, attributes in self.elements if "data-space" in attributes}

    def ids(self):
        return [attributes["id"] for _, attributes in self.elements if "id" in attributes]


def made_from(path) -> bytes:
    with Publication(path) as publication:
        return report.build(publication)


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    path = tmp_path_factory.mktemp("small") / "marts.duckdb"
    other = Described("mall_other", "mall", ("A", "B", "C", "D"), features=("age", "visits"))
    return publish(path, MALL, other, Described("sales_personas", "sales", ("X", "Y"), is_synthetic=True))


@pytest.fixture(scope="module")
def content(small) -> bytes:
    """The report of the small publication."""
    return made_from(small)


@pytest.fixture(scope="module")
def shown(content):
    return Page(content)


@pytest.fixture(scope="module")
def whole(built) -> bytes:
    """The report of the whole build."""
    return made_from(built.published / "marts.duckdb")


@pytest.fixture(scope="module")
def browser():
    with chromium() as opened:
        yield opened


def assert_self_contained(shown: Page):
    for tag, attributes in shown.elements:
        for name, value in attributes.items():
            assert not name.startswith("on"), (tag, name)
            if name in ("href", "src", "action", "srcset", "data", "poster"):
                assert value.startswith("#") or value == "data:,", (tag, name, value)
    assert not {tag for tag, _ in shown.elements} & {"img", "iframe", "object", "embed", "base", "form"}


def assert_valid(shown: Page):
    for name, figure in shown.figures().items():
        if name in shown.spaces():
            plotly.graph_objects.Figure(figure)
        else:
            # all of them have layers; `alt.Chart.from_dict` would look for an error in each other kind of chart first
            alt.LayerChart.validate(figure)


def test_a_chart_that_is_not_valid_would_be_noticed():
    with pytest.raises(ValidationError):
        alt.LayerChart.validate({"layer": [{"mark": {"type": "bar", "width": "wide"}}]})


def test_the_page_refers_to_nothing_outside_and_its_links_lead_somewhere(shown):
    assert_self_contained(shown)
    ids = shown.ids()
    assert len(ids) == len(set(ids))
    links = {attributes["href"][1:] for tag, attributes in shown.elements if tag == "a"}
    assert links <= set(ids)


def test_vega_and_plotly_are_there_once_and_the_file_stays_small(content, tmp_path):
    packed = Page(content).packed()
    assert packed["plotly"].count("plotly.js v") == 1
    assert packed["vega"].count("window.vegaEmbed=") == 1
    assert len(content) < MOST_BYTES
    flat = Described("mall_flat", "mall", ("A", "B"), features=("age", "visits"))
    without_plotly = made_from(publish(tmp_path / "marts.duckdb", flat))
    assert set(Page(without_plotly).packed()) == {"figures", "vega"}  # nothing in it can be turned
    assert len(without_plotly) < 1_000_000


def test_every_part_of_the_evidence_has_its_place(shown):
    ids = set(shown.ids())
    parts = ["segments", "k", "optimum", "stability", "clusters", "profiles", "rules", "algorithms", "personas"]
    assert {f"mall_personas-{part}" for part in parts} <= ids
    assert {"summary", "beware", "crosswalk-mall", "published-results", "data-mall", "data-sales", "how-to-read"} <= ids
    assert {f"mall-{part}" for part in ("features", "categories", "relations", "quality")} <= ids
    words = shown.words()
    assert "Three segments: all seven criteria agree" in words
    assert "The solution in use is the best one known." in words
    assert "customers in thin regions are noise and get no segment" in words
    assert "Contradicted: age: claimed high (at least 55 years), found 48" in words
    assert "154 rows were read and 4 of them (2.6 %) rejected: missing (3) and not a number (1)." in words


def test_each_segment_of_a_default_segmentation_is_told_after_the_decision_and_linked_from_it(shown):
    ids = shown.ids()
    told = [f"mall_personas-segment-{place}" for place in (1, 2, 3)] + ["sales_personas-segment-1"]
    places = [ids.index(name) for name in ("summary", *told, "segmentation-mall_personas", "data-mall")]
    assert places == sorted(places)
    assert not [name for name in ids if name.startswith("mall_other-segment-")]
    links = [attributes["href"] for tag, attributes in shown.elements if tag == "a"]
    assert all(links.count(f"#{name}") == 2 for name in told)  # contents and tile
    words = shown.words()
    own, other = (words.rindex(f"{title} personas: the segments") for title in ("Mall", "Sales"))
    for text in ("What sets them apart", "middle half all customers", "What to offer", "assumed cost", "How sure"):
        assert words[own:other].count(text) == 3


def test_evidence_is_folded_under_its_finding_and_findings_are_not(shown):
    folded = {attributes["id"] for tag, attributes in shown.elements if tag == "details" and "id" in attributes}
    evidence = {"mall_personas-k", "mall_personas-stability", "mall-features", "mall-quality"}
    assert evidence <= folded
    assert not [
        attributes for tag, attributes in shown.elements if attributes.get("class") == "folded" and "open" in attributes
    ]
    unfolded = " ".join(shown.unfolded)
    assert "(bootstrap Jaccard 0.95, 1 is best)" in unfolded  # how sure one segment is
    assert "chart-mall_personas-1-apart" in unfolded
    assert "chart-mall_personas-clusters" not in unfolded
    assert "Failed checks." in shown.words()
    assert "Failed checks." not in unfolded


def test_without_scripts_each_chart_has_its_words(shown):
    charts = [attributes for _, attributes in shown.elements if attributes.get("class") == "chart"]
    words = shown.words()
    assert charts
    assert all(" ".join(chart["aria-label"].split()) in words for chart in charts)


def test_segments_with_names_in_other_scripts_have_places_of_their_own(tmp_path):
    shown = Page(made_from(publish(tmp_path / "marts.duckdb", Described("own", "own", ("客户", "顾客")))))
    ids = shown.ids()
    assert len(ids) == len(set(ids))
    assert {"own-segment-1", "own-segment-2"} <= set(ids)


def test_synthetic_customers_are_called_so_wherever_they_are_shown(shown):
    words = shown.words()
    assert words.count("synthetic data") == 3  # segments, segmentation and data of sales
    assert "150 synthetic customers of the dataset Sales" in words
    assert "Sales (synthetic)" in words


def test_every_chart_is_a_valid_figure_with_words_for_who_cannot_see_it(shown):
    figures = shown.figures()
    assert len(figures) > 30
    assert_valid(shown)
    charts = [attributes for _, attributes in shown.elements if attributes.get("class") == "chart"]
    assert {chart["id"] for chart in charts} == set(figures)
    assert all(chart["aria-label"] for chart in charts)
    # what can be turned holds buttons, and a picture must not
    assert all(chart["role"] == ("group" if chart["id"] in shown.spaces() else "img") for chart in charts)


def test_two_features_are_drawn_as_they_are_and_three_can_be_turned(shown):
    figures = shown.figures()
    assert figures["chart-mall_other-clusters"]["layer"][0]["encoding"]["x"]["title"] == ["age, years"]
    assert "chart-mall_other-clusters_3d" not in figures
    assert {trace["type"] for trace in figures["chart-mall_personas-clusters_3d"]["data"]} == {"scatter3d"}


def test_headings_go_down_one_level_at_a_time(shown):
    levels = [int(tag[1]) for tag, _ in shown.elements if tag in ("h1", "h2", "h3", "h4")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_what_users_wrote_is_shown_and_never_run(tmp_path):
    path = publish(tmp_path / "marts.duckdb", Described("mall_personas", "mall", HOSTILE))
    with duckdb.connect(str(path)) as database:
        database.execute("update campaign_recommendations set offer = '<iframe src=//evil.example></iframe>'")
        database.execute("update segment_profiles set label = '<a href=\"http://evil.example\">age</a>'")
        database.execute(
            "update feature_summary set label = '<script>alert(3)</script>', unit = '<svg onload=alert(4)>'"
        )
        database.execute("update category_counts set category_value = '<b>female</b>'")
        database.execute("update category_profiles set category_value = '<b>' || category_value || '</b>'")
        database.execute("update rejected_rows set reason = '<b>reason</b>', problem_column = null")
    content = made_from(path)
    shown = Page(content)
    assert_self_contained(shown)
    assert sum(tag == "script" for tag, _ in shown.elements) == 4  # figures, Vega, plotly.js, and what draws
    assert not {tag for tag, _ in shown.elements} & {"b", "svg"}
    words = shown.words()
    for name in HOSTILE:
        assert " ".join(name.split()) in words
    for name, figure in shown.figures().items():
        if name in shown.spaces():  # plotly reads markup, Vega does not
            assert not [text for text in texts_in(figure) if "<" in text.replace("<br>", "")]
        else:
            assert not [text for text in expressions_in(figure) if "alert" in text or "evil" in text]


def expressions_in(value):
    """What Vega would run: expressions, and nothing else."""
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from expressions_in(part)
    if isinstance(value, dict):
        yield from (str(value[name]) for name in ("expr", "labelExpr", "filter", "calculate", "test") if name in value)


def texts_in(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from texts_in(part)
    elif isinstance(value, list):
        for part in value:
            yield from texts_in(part)


def test_the_same_publication_gives_the_same_bytes(content, small, tmp_path):
    copy = shutil.copy(small, tmp_path / "copy.duckdb")
    assert made_from(copy) == content


def test_at_most_two_thousand_customers_are_drawn(tmp_path):
    many = Described("mall_personas", "mall", MALL.personas, customers=3000)
    shown = Page(made_from(publish(tmp_path / "marts.duckdb", many)))
    plane, space = (shown.figures()[f"chart-mall_personas-clusters{name}"] for name in ("", "_3d"))
    assert max(map(len, plane["datasets"].values())) == 2000
    assert sum(len(trace["x"]) for trace in space["data"]) == 2000
    assert "2,000 of 3,000 customers drawn" in shown.words()


@pytest.mark.parametrize("is_published", [True, False])
def test_without_evidence_sections_say_so(tmp_path, is_published):
    path = publish(tmp_path / "marts.duckdb", MALL, evidence=False)
    if not is_published:
        with duckdb.connect(str(path)) as database:
            for name in EVIDENCE:
                database.execute(f"drop table {name}")
    shown = Page(made_from(path))
    words = shown.words()
    assert words.count("Not computed: too few customers, or built with `evidence: none`.") >= 5
    assert "Three segments: a decision, not checked against other numbers" in words
    assert "not computed" in words
    # Two of three features are enough for the picture: it needs no evidence.
    assert "chart-mall_personas-clusters_3d" in shown.figures()


def test_one_feature_makes_no_picture_and_the_page_says_why(tmp_path):
    one = Described("mall_ages", "mall", ("Younger", "Older"), features=("age",))
    shown = Page(made_from(publish(tmp_path / "marts.duckdb", one)))
    assert "This segmentation has one feature, so each segment has its own row" in shown.words()
    assert "There is no picture in three dimensions: Mall ages has only one feature" in shown.words()
    assert "There are not two features to compare." in shown.words()


@pytest.mark.parametrize(
    ("name", "has_names"), [("Savers", True), ("Customers of many years who buy rarely " * 2, False)]
)
def test_long_names_stand_in_the_key_and_not_among_the_points(tmp_path, name, has_names):
    described = Described("mall_names", "mall", (f"{name} A", f"{name} B", f"{name} C"))
    shown = Page(made_from(publish(tmp_path / "marts.duckdb", described)))
    layers = shown.figures()["chart-mall_names-clusters"]["layer"]
    assert (layers[0]["encoding"]["color"]["legend"] is None) == has_names
    written = [layer["encoding"]["text"]["field"] for layer in layers if "text" in layer["encoding"]]
    assert set(written) == {"lines" if has_names else "number"}


def test_twelve_segments_are_told_apart(tmp_path):
    names = tuple(f"Persona with quite a long name, number {number}" for number in range(12))
    shown = Page(made_from(publish(tmp_path / "marts.duckdb", Described("mall_many", "mall", names))))
    encoding = shown.figures()["chart-mall_many-clusters"]["layer"][0]["encoding"]
    assert len(set(encoding["color"]["scale"]["range"])) == 12
    assert len(set(encoding["shape"]["scale"]["range"])) == 12


@pytest.mark.slow
def test_the_command_writes_beside_the_publication_or_into_a_folder(small, tmp_path):
    written = run_command("report", small, tmp_path / "new" / "folder", fresh=True)
    assert written.returncode == 0, written.stderr
    assert "report.html: " in written.stdout
    assert [file.name for file in (tmp_path / "new" / "folder").iterdir()] == ["report.html"]
    assert run_command("report", small).returncode == 0
    assert (small.parent / "report.html").read_bytes() == (tmp_path / "new" / "folder" / "report.html").read_bytes()


def test_the_report_of_the_whole_build_tells_what_is_contradicted(whole):
    shown = Page(whole)
    assert_self_contained(shown)
    words = shown.words()
    assert "Contradicted: spending score: claimed high (at least 55 points), found 50" in words
    assert "1,018 rows were read and 33 of them (3.2 %) rejected" in words
    assert len(whole) < MOST_BYTES
    assert_valid(shown)


def test_the_report_of_the_whole_build_tells_what_the_campaign_has_changed_and_what_customers_will_bring(built, whole):
    words = Page(whole).words()
    (*sentences,) = built.published_query("select sentence from campaign_effects where is_outcome")
    (*findings,) = built.published_query("select finding from prediction_checks where finding is not null")
    assert len(sentences) == 4
    assert len(findings) == 2
    for (told,) in sentences + findings:
        assert " ".join(told.split()) in words


def test_what_changed_is_told_from_the_second_day_on(tmp_path):
    path = add_first_day(add_movement(publish(tmp_path / "marts.duckdb", SHOP, MALL)), MALL.segmentation)
    shown = Page(made_from(path))
    assert (
        "What changed From 29 February 2024 to 31 March 2024, seven customers moved to another segment, four came and "
        "two went. By these moves, Often lost $230. Today's customers differ from those of the model that was in use "
        "before: visits (large drift)."
    ) in shown.words()
    assert (
        "What changed There is nothing to compare with yet: 31 March 2024 is the only day known of these customers."
        in shown.words()
    )
    drawn = [name for name in shown.figures() if name.endswith("-changes")]
    assert drawn == ["chart-shop_personas-changes"]
    assert_valid(shown)


def test_what_a_campaign_has_changed_is_told_with_its_intervals(tmp_path):
    shown = Page(made_from(add_experiment(publish(tmp_path / "marts.duckdb", SHOP, MALL))))
    words = shown.words()
    assert "Spring letter: Campaign 1.1 Gain proven for all personas together: between $" in words
    assert "No effect proven for Seldom: between \N{MINUS SIGN}$" in words
    assert "800 customers got the campaign, 800 in the control got nothing." in words
    drawn = [name for name in shown.figures() if name.endswith("-effects")]
    assert drawn == [page.anchor(SHOP.segmentation, EXPERIMENT, "effects")]
    assert_valid(shown)


def test_the_report_of_the_whole_build_prints_on_few_pages_with_its_charts(whole, browser, tmp_path):
    path = tmp_path / "report.html"
    path.write_bytes(whole)
    page = browser.new_page()
    page.goto(path.as_uri())
    drawn = "document.querySelectorAll('.sheet .chart svg').length == document.querySelectorAll('.sheet .chart').length"
    page.wait_for_function(drawn)
    pages = len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True, print_background=True)))
    assert 10 < pages <= MOST_PAGES
    assert hurdles(page, GRAVE) == []
    page.emulate_media(color_scheme="dark")
    assert page_colours(page) == {theme.PAGE["paper"].dark, theme.PAGE["ink"].dark}
    assert hurdles(page, GRAVE) == []
    page.emulate_media(color_scheme="dark", media="print")
    assert page_colours(page) == {theme.PAPER, theme.INK}  # paper is white
    page.emulate_media(color_scheme="light", media="screen")
    # opened, the evidence is printed too
    page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
    assert hurdles(page, GRAVE) == []
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True))) > pages
    page.close()


def page_colours(page) -> set[str]:
    """Return the colours of the page, of its text, and of that beside the bars of its first chart."""
    found = page.evaluate(
        """() => [getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color,
            getComputedStyle(document.querySelector('svg.marks .role-axis-label text')).fill]"""
    )
    return {"#{:02x}{:02x}{:02x}".format(*map(int, re.findall(r"\d+", colour)[:3])) for colour in found}


def test_every_text_in_a_chart_has_a_colour_of_the_page_or_one_that_is_readable_on_its_field(shown):
    figures = [figure for name, figure in shown.figures().items() if name not in shown.spaces()]
    marks = [part for figure in figures for part in parts_of(figure) if type_of(part) == "text"]
    fields = 0
    for part in marks:
        colour = part.get("encoding", {}).get("color", {}).get("field")
        fields += colour == "ink"
        assert colour in (None, "ink")
        assert part["mark"].get("color") in (None, "var(--ink)", "var(--muted)", "var(--paper)")
        assert part["mark"].get("color") != "var(--paper)" or part["mark"]["stroke"] == "var(--paper)"  # around a text
    assert len(marks) > 20
    assert fields
    rows = [row for figure in figures for rows in figure["datasets"].values() for row in rows if "written" in row]
    assert rows
    assert all(page.contrast(row["ink"], row["colour"]) >= page.LEAST_CONTRAST for row in rows)


def test_fields_of_tables_have_colours_that_the_page_knows(content):
    behind = set(re.findall(r'style="background:var\(--([\w-]+)\)', content.decode()))
    assert {name.split("-")[0] for name in behind} >= {"above", "below"}
    assert behind <= set(theme.PAGE)  # test_theme.py holds the ink against each of them


def parts_of(figure):
    """Go through a figure and the layers and panels it is made of."""
    yield figure
    for way in ("layer", "concat", "hconcat", "vconcat"):
        for part in figure.get(way, []):
            yield from parts_of(part)


def type_of(part):
    return part["mark"]["type"] if isinstance(part.get("mark"), dict) else part.get("mark")


@pytest.mark.parametrize("width", [390, 1024])
def test_no_table_in_sight_hides_a_column(whole, browser, tmp_path, width):
    path = tmp_path / "report.html"
    path.write_bytes(whole)
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(path.as_uri())
    tables = page.evaluate("""() => [...document.querySelectorAll(".scroll")].filter(one => !one.closest("details")).map(
        one => [one.querySelector("table").getAttribute("aria-label"), one.scrollWidth - one.clientWidth]
    )""")
    assert len(tables) > 20
    assert [table for table in tables if table[1] > 1] == []
    page.close()


def test_tables_with_the_same_caption_are_no_hurdle(browser, tmp_path):
    more = Described("mall_more", "mall", ("Young", "Old"))
    path = tmp_path / "report.html"
    path.write_bytes(made_from(publish(tmp_path / "marts.duckdb", MALL, more)))
    page = browser.new_page()
    page.goto(path.as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
    assert hurdles(page) == []
    page.close()


def test_a_link_opens_the_evidence_it_leads_to_and_its_charts_are_drawn(content, browser, tmp_path):
    path = tmp_path / "report.html"
    path.write_bytes(content)
    page = browser.new_page()
    failures = []
    page.on("pageerror", lambda failure: failures.append(str(failure)))
    page.goto(path.as_uri())
    page.wait_for_selector("#chart-mall_personas-shares svg")
    assert not page.evaluate("'Plotly' in window")  # what nothing shown needs is not unpacked
    page.evaluate("location.hash = 'mall_personas-clusters'")
    page.wait_for_selector("#chart-mall_personas-clusters svg", state="visible")
    page.wait_for_function("'Plotly' in window")
    assert not failures
    page.close()
