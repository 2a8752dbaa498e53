import json
import re
from itertools import pairwise
from xml.etree import ElementTree

import altair as alt
import duckdb
import numpy as np
import pandas as pd
import pytest
from altair.utils.schemapi import SchemaValidationError

from customer_segmentation import formatting, language
from customer_segmentation.cli.main import main
from customer_segmentation.publication.outgoing import outgoing
from customer_segmentation.publication.tables import Publication
from customer_segmentation.report.charts import choice_of_k, distributions, flows, heat_maps, movement, relations, space
from customer_segmentation.report.charts import segments as segment_charts
from customer_segmentation.report.charts.drawing import BESIDE_NAMES, LINE, TITLE, Axis, lines, panels, text_width, tick
from customer_segmentation.report.charts.labels import HEIGHT, SIZE
from customer_segmentation.report.charts.symbols import SYMBOLS
from customer_segmentation.report.criteria import CRITERIA
from customer_segmentation.report.figures import titles
from customer_segmentation.report.figures.catalogue import every_figure
from customer_segmentation.report.figures.figure import Figure
from customer_segmentation.report.pictures.drawing import AS_PNG_TOO, DOCUMENTED
from customer_segmentation.report.pictures.frame import Heading, rendered
from helpers.small_publication import COLOURS, Described, publish, run_command

HEADING = Heading("Five segments separate best: silhouette 0.55 at k = 5", "200 customers", "Table segments.")
MALL = (
    Described("mall_income_spending", "mall", tuple("ABCDE"), features=("annual_income_k", "spending_score")),
    Described("mall_six_personas", "mall", tuple("ABCDEF")),
)
FEATURES = tuple(f"a_rather_long_feature_name_{number}" for number in range(1, 12))
LONG = tuple(f"Long-Standing Persona {number} of 12" for number in range(1, 13))
LARGE = (
    Described("large_twelve", "large", LONG, features=FEATURES[:8], is_synthetic=True, customers=600),
    Described("large_two", "large", ("A", "B"), features=FEATURES, is_synthetic=True, customers=600),
    Described("large_one", "large", tuple("ABC"), features=FEATURES[:1], is_synthetic=True, customers=600),
)


def files_in(folder):
    return {file.name: file.read_bytes() for file in sorted(folder.iterdir())}


def some_segments(count, name="Persona"):
    return pd.DataFrame(
        {
            "cluster_id": range(1, count + 1),
            "persona": [f"{name} {number}" for number in range(1, count + 1)],
            "colour": COLOURS[:count],
            "customers": [10] * count,
            "share_of_customers": [1 / count] * count,
            "share": [f"{100 / count:.1f} %"] * count,
        }
    )


def some_customers(segments, per_segment=10):
    random = np.random.default_rng(1)
    cluster = np.repeat(segments["cluster_id"].to_numpy(), per_segment)
    x, y, z = random.normal(size=(3, len(cluster))) + cluster
    return pd.DataFrame({"cluster_id": cluster, "x": x, "y": y, "z": z})


def drawn_values(chart):
    """Every row of data of a chart, which must be valid Vega-Lite."""
    content = chart.to_dict()
    return [row for rows in content.get("datasets", {}).values() for row in rows]


def rows_of_layer(chart, layer):
    """Return the data of a layer of a chart."""
    return chart["datasets"][layer["data"]["name"]] if "name" in layer["data"] else layer["data"]["values"]


def texts(svg):
    """Every text of a picture, with its place and whether it is turned."""
    found = []

    def walk(element, x, y):
        turned = False
        for kind, numbers in re.findall(r"(translate|rotate)\(([^)]*)\)", element.get("transform", "")):
            parts = [float(number) for number in numbers.split(",")]
            if kind == "translate":
                x, y = x + parts[0], y + (parts[1] if len(parts) > 1 else 0)
            turned = turned or kind == "rotate"
        if element.tag.endswith(("svg", "text")):
            x, y = x + float(element.get("x", 0)), y + float(element.get("y", 0))
        if element.tag.endswith("text") and (element.text or element.findall("*")):
            for part in [element, *element.findall("*")]:
                size = float((part.get("font-size") or element.get("font-size")).removesuffix("px"))
                if (part.text or "").strip():
                    down = float(part.get("dy", 0)) if part is not element else 0.0
                    anchor = element.get("text-anchor", "start")
                    found.append((part.text, x, y + down, size, anchor, turned))
        for part in element:
            if not part.tag.endswith("tspan"):
                walk(part, x, y)

    walk(ElementTree.fromstring(svg), 0.0, 0.0)
    return found


def shown(svg):
    return " ".join(" ".join(text for text, *_ in texts(svg)).split())


def assert_nothing_is_cut(chart):
    """Draw a chart; no text of it leaves the picture. Return the picture."""
    assert chart.to_dict()
    svg = rendered(chart, HEADING)
    root = ElementTree.fromstring(svg)
    width, height = float(root.get("width")), float(root.get("height"))
    for text, x, y, size, anchor, turned in texts(svg):
        length = 0 if turned else text_width(text, size)
        left = x - {"start": 0, "middle": length / 2, "end": length}[anchor]
        assert left >= -2, text
        assert left + length <= width + 3, text
        assert size * 0.6 <= y <= height, text
    return svg


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    return publish(tmp_path_factory.mktemp("published") / "marts.duckdb", *MALL, *LARGE)


@pytest.fixture(scope="module")
def drawn(published, tmp_path_factory):
    folder = tmp_path_factory.mktemp("drawn") / "new" / "pictures"
    run = run_command("pictures", published, folder)
    assert run.returncode == 0, run.stdout + run.stderr
    return folder


def test_every_picture_is_drawn(drawn):
    index = json.loads((drawn / "index.json").read_text())
    names = {file for picture in index["pictures"] for file in picture["files"]}
    of_dataset = ("histograms", "categories", "gender", "correlations", "pairs", "curves", "crosswalk")
    of_segmentation = (
        "elbow",
        "gap",
        "criteria",
        "silhouettes",
        "clusters",
        "clusters_3d",
        "biplot",
        "profile",
        "box_plots",
        "stability",
    )
    for dataset in ("mall", "large"):
        assert {f"{dataset}_{picture}.svg" for picture in of_dataset} <= names
    for segmentation in ("mall_six_personas", "large_twelve"):
        assert {f"{segmentation}_{picture}.svg" for picture in of_segmentation} <= names
    assert {"mall_income_and_spending.svg", "mall_gender_and_spending.svg"} <= names
    assert "mall_crosswalk_income_spending_six_personas.svg" in names
    assert {name.rpartition("_")[2] for name in names if name.endswith(".png")} == {
        f"{kind}.png" for kind in AS_PNG_TOO
    }
    assert {f"docs_{kind}.svg" for kind in DOCUMENTED} <= names
    assert {file.name for file in drawn.iterdir()} == names | {"index.json", "index.md"}


@pytest.mark.slow
def test_pictures_of_every_kind_are_valid_charts(published):
    with Publication(published) as publication:
        figures = {one.kind: one for one in every_figure(outgoing(publication)) if isinstance(one, Figure)}
        assert set(DOCUMENTED) <= figures.keys()
        for figure in figures.values():
            assert figure.picture().to_dict()  # which raises where it is not valid


def test_a_picture_that_is_not_valid_would_be_noticed():
    with pytest.raises(SchemaValidationError):
        panels([alt.Chart({"values": []}).mark_bar(width="wide")], 1).to_dict()


def test_pictures_are_not_trivial_and_carry_their_finding(drawn):
    for picture in json.loads((drawn / "index.json").read_text())["pictures"]:
        content = (drawn / picture["files"][0]).read_text()
        assert content.count("<path") + content.count("<use") > 3
        assert len(content) > 3_000
        root = ElementTree.fromstring(content)
        assert root.find("{*}title").text == picture["title"]
        assert root.find("{*}desc").text == picture["subtitle"]
        assert len(picture["title"]) > 10
        kind = "synthetic customers" if picture["dataset"] == "large" else "customers"
        assert kind in picture["subtitle"], picture["files"]
        assert "synthetic" not in picture["subtitle"] or picture["dataset"] == "large"
        assert "nan" not in picture["title"].lower().split()


def test_a_comparison_on_a_coreset_says_so(drawn):
    index = json.loads((drawn / "index.json").read_text())
    subtitles = {picture["files"][0]: picture["subtitle"] for picture in index["pictures"]}
    assert "a weighted sample of 300 of 600 synthetic customers" in subtitles["large_twelve_elbow.svg"]
    assert "the silhouette on 600 even draws, the last three on 200" in subtitles["large_twelve_criteria.svg"]
    assert "weighted" not in subtitles["mall_six_personas_criteria.svg"]


def test_the_project_is_drawn_from_what_it_publishes(built, tmp_path):
    run = run_command("pictures", built.published / "marts.duckdb", tmp_path)
    assert run.returncode == 0, run.stdout + run.stderr
    index = json.loads((tmp_path / "index.json").read_text())
    found = {picture["files"][0]: picture["title"] for picture in index["pictures"]}
    assert found["mall_income_spending_clusters.svg"] == "Five segments separate best: silhouette 0.55 at k = 5"
    assert found["mall_categories.svg"] == "56 % of customers are women"
    assert found["mall_gender_and_spending.svg"].startswith("Women and men hardly differ in spending score")
    assert found["mall_income_and_spending.svg"].startswith("Neither a line nor a curve over annual income")
    assert [missing["picture"] for missing in index["not_drawn"]] == [
        "mall_income_spending_clusters_3d",
        "retail_crosswalk",
        "sales_crosswalk",
        "sales_concentration",
    ]


def test_what_cannot_be_drawn_is_said_in_the_index(drawn):
    index = json.loads((drawn / "index.json").read_text())
    reasons = {missing["picture"]: missing["reason"] for missing in index["not_drawn"]}
    assert reasons == {
        "mall_income_spending_clusters_3d": "Mall income spending has only two features; three dimensions need three.",
        "large_one_clusters_3d": "Large one has only one feature; three dimensions need three.",
        "large_one_biplot": "Large one has only one feature; principal components need two.",
    }
    gallery = (drawn / "index.md").read_text()
    assert all(reason in gallery for reason in reasons.values())
    assert "![" in gallery


def test_the_same_marts_give_the_same_bytes(drawn, published, tmp_path):
    # another interpreter, which orders sets in another way
    assert run_command("pictures", published, tmp_path / "again", fresh=True).returncode == 0
    assert files_in(tmp_path / "again") == files_in(drawn)


def test_outdated_pictures_are_removed_and_other_files_stay(drawn, tmp_path):
    small = publish(
        tmp_path / "small.duckdb", Described("mall_two", "mall", ("A", "B"), features=("age", "spending_score"))
    )
    folder = tmp_path / "pictures"
    folder.mkdir()
    for name in ("index.json", "mall_six_personas_elbow.svg"):
        (folder / name).write_bytes((drawn / name).read_bytes())
    (folder / "own.svg").write_text("mine")
    assert run_command("pictures", small, folder).returncode == 0
    assert not (folder / "mall_six_personas_elbow.svg").exists()
    assert (folder / "own.svg").read_text() == "mine"
    assert not [file.name for file in folder.iterdir() if file.name.startswith(".")]


def test_without_evidence_the_index_says_why(tmp_path):
    bare = publish(tmp_path / "marts.duckdb", *MALL, evidence=False)
    run = run_command("pictures", bare, tmp_path / "pictures")
    assert run.returncode == 0, run.stdout + run.stderr
    index = json.loads((tmp_path / "pictures" / "index.json").read_text())
    reasons = {missing["picture"]: missing["reason"] for missing in index["not_drawn"]}
    assert reasons["mall_six_personas_elbow"] == (
        "The table k_selection has no rows for mall_six_personas; the var `evidence` controls whether it is filled."
    )
    assert {"mall_histograms", "mall_categories", "mall_crosswalk", "mall_six_personas_stability"} <= set(reasons)
    files = {picture["files"][0] for picture in index["pictures"]}
    # what needs no evidence is drawn all the same
    assert {"mall_income_spending_clusters.svg", "mall_six_personas_profile.svg"} <= files


def test_a_publication_of_an_earlier_version_is_said_plainly(published, tmp_path):
    old = tmp_path / "marts.duckdb"
    old.write_bytes(published.read_bytes())
    with duckdb.connect(str(old)) as database:
        database.execute("drop table k_selection")
    run = run_command("pictures", old, tmp_path / "pictures")
    assert run.returncode == 1
    assert "k_selection" in run.stderr
    assert "Run `make build`" in run.stderr
    assert "Traceback" not in run.stderr


def test_a_folder_that_refuses_files_is_said_plainly(published, tmp_path, monkeypatch, capsys):
    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.write_bytes", refuse)
    assert main(["pictures", "--published", str(published), "--folder", str(tmp_path)]) == 1
    assert "cannot be written: Permission denied" in capsys.readouterr().err


@pytest.mark.parametrize("count", [1, 2, 5, 12])
def test_maps_hold_any_number_of_segments(count):
    segments = some_segments(count, "Conservative Big-Ticket Weekend Shoppers")
    customers = some_customers(segments)
    x, y, z = (
        Axis("x", "annual income", "k$", is_logarithmic=True),
        Axis("y", "spending score", "points"),
        Axis("z", "time since the last purchase", "days"),
    )
    for chart in (
        segment_charts.segment_map(customers, segments, x, y),
        space.seen_from_one_side(customers, segments, (x, y, z)),
        segment_charts.strip(customers, segments, x),
        segment_charts.silhouettes(customers.assign(silhouette=0.4), segments),
    ):
        svg = assert_nothing_is_cut(chart)
        assert all(segment in shown(svg) for segment in segments["persona"])


def test_a_map_draws_the_customers_with_the_symbols_and_colours_of_their_segments():
    segments = some_segments(12)
    customers = some_customers(segments)
    content = segment_charts.segment_map(customers, segments, Axis("x", "x"), Axis("y", "y")).to_dict()
    points = content["datasets"][content["layer"][0]["data"]["name"]]
    assert [(row["place"], row["x"]) for row in points] == [
        (row.cluster_id - 1, float(f"{row.x:.6g}")) for row in customers.itertuples()
    ]
    encoding = content["layer"][0]["encoding"]
    assert encoding["color"]["scale"]["range"] == list(COLOURS[:12])
    assert encoding["shape"]["scale"]["range"] == [symbol.plane for symbol in SYMBOLS]
    assert len(set(encoding["shape"]["scale"]["range"])) == 12


def test_a_point_opens_the_address_of_its_customer_where_there_is_one():
    segments, axes = some_segments(2), (Axis("x", "x"), Axis("y", "y"))
    customers = some_customers(segments)
    addresses = [f"customer?customer={place}" for place in range(len(customers))]
    content = segment_charts.segment_map(customers.assign(address=addresses), segments, *axes).to_dict()
    points = content["datasets"][content["layer"][0]["data"]["name"]]
    assert content["layer"][0]["encoding"]["href"]["field"] == "address"
    assert [row["address"] for row in points] == addresses
    # whose ids are in the rows is not told by a picture that anybody gets
    told = segment_charts.segment_map(customers.assign(customer_id=addresses), segments, *axes).to_dict()
    assert "customer" not in str(told)


def test_names_of_segments_that_lie_together_do_not_overlap():
    segments = some_segments(8, "Conservative Earners")
    customers = some_customers(segments)
    centres = pd.DataFrame(
        {"cluster_id": segments["cluster_id"], "x": 4 + 0.1 * np.arange(8), "y": 4 + 0.05 * np.arange(8)}
    )
    chart = segment_charts.segment_map(customers, segments, Axis("x", "x"), Axis("y", "y"), centres=centres)
    assert_nothing_is_cut(chart)
    labels = {tuple(row["lines"].split("\n")): row for row in drawn_values(chart) if "lines" in row}
    assert len(labels) == 8
    boxes = []
    extent, ends = (684, 430), [chart.to_dict()["layer"][0]["encoding"][one]["scale"]["domain"] for one in "xy"]
    for part, row in labels.items():
        right = (row["x"] - ends[0][0]) / (ends[0][1] - ends[0][0]) * extent[0] + row["right"]
        down = extent[1] - (row["y"] - ends[1][0]) / (ends[1][1] - ends[1][0]) * extent[1] + row["down"]
        width, height = max(text_width(line, SIZE, is_bold=True) for line in part), HEIGHT * len(part)
        boxes.append((right - width / 2, right + width / 2, down - height / 2, down + height / 2))
    for index, one in enumerate(boxes):
        for other in boxes[index + 1 :]:
            assert one[1] <= other[0] or other[1] <= one[0] or one[3] <= other[2] or other[3] <= one[2]


@pytest.mark.parametrize("kind", ["boxes", "stability", "strip", "profiles", "silhouettes"])
def test_rows_are_as_high_as_the_longest_name_beside_them(kind):
    segments = some_segments(3).assign(
        persona=["A", "B", "Customers who come back month after month and never leave without a bag of tea or two of them"],
        bootstrap_jaccard=0.9, bootstrap_jaccard_standard_error=0.01, stability_grade="stable",
    )  # fmt: skip
    figures = {column: [1.0, 2.0, 3.0] for column in ("lower_whisker", "p25", "median", "p75", "upper_whisker")}
    differences = pd.DataFrame({"age": [0.0, 1.0, 2.0]})
    customers = pd.DataFrame({"cluster_id": [1, 2, 3], "silhouette": [0.5, 0.6, 0.7], "age": [1.0, 2.0, 3.0]})
    drawn = {
        "boxes": lambda: distributions.boxes(pd.DataFrame(figures).assign(name=segments["persona"]), "age", None),
        "stability": lambda: segment_charts.stability(
            segments, pd.DataFrame({"grade": ["stable"], "lowest_jaccard": [0.75]})
        ),
        "strip": lambda: segment_charts.strip(customers, segments, Axis("age", "age")),
        "profiles": lambda: heat_maps.profiles(differences, differences.astype(str), segments, in_deviations=True),
        "silhouettes": lambda: segment_charts.silhouettes(customers, segments),
    }[kind]().to_dict()
    names = [row["lines"] for layer in drawn["layer"] for row in rows_of_layer(drawn, layer) if "lines" in row]
    most = max(len(name.split("\n")) for name in names)
    assert most >= 4
    assert drawn["height"] / 3 >= LINE * most


def test_titles_of_axes_fit_beside_names_on_a_telephone():
    segments = some_segments(2).assign(
        bootstrap_jaccard=0.9, bootstrap_jaccard_standard_error=0.01, stability_grade="stable"
    )
    grades = pd.DataFrame({"grade": ["stable"], "lowest_jaccard": [0.75]})
    features = pd.DataFrame(
        {"label": ["age"], "unit": ["years"], "median": [40.0], "population_median": [30.0], "distance": [1.0]}
    )
    for chart in (segment_charts.stability(segments, grades), segment_charts.set_apart(features, "#0072B2")):
        encodings = [layer.get("encoding", {}).get("x", {}) for layer in chart.to_dict()["layer"]]
        [title] = {tuple(one["title"]) for one in encodings if one.get("title")}
        assert all(text_width(line, TITLE) <= BESIDE_NAMES for line in title)


@pytest.mark.parametrize(("values", "align"), [([0.0, 0.1, 0.9], "left"), ([0.7, 0.8, 0.9], "right")])
def test_the_mean_silhouette_is_written_where_there_is_room(values, align):
    customers = pd.DataFrame({"cluster_id": [1, 1, 2], "silhouette": values})
    chart = segment_charts.silhouettes(customers, some_segments(2)).to_dict()
    [mark] = [layer["mark"] for layer in chart["layer"] if layer["encoding"].get("text", {}).get("field") == "text"]
    assert mark["align"] == align


def test_the_silhouettes_of_segments_of_one_colour_stay_apart():
    segments = some_segments(4).assign(colour="#0072B2")
    customers = pd.DataFrame({"cluster_id": [1, 2, 3, 4] * 3, "silhouette": np.linspace(0.1, 0.9, 12)})
    areas = segment_charts.silhouettes(customers, segments).to_dict()
    outline = areas["layer"][0]
    field = outline["encoding"]["detail"]["field"]
    assert len({row[field] for row in rows_of_layer(areas, outline)}) == 4


def test_names_at_the_ends_of_curves_do_not_cover_each_other():
    rows = pd.DataFrame(
        [
            {"day": pd.Timestamp(2024, month, 28), "persona": name, "colour": "#0072B2", "value": value + month}
            for month in (1, 2)
            for name, value in {
                "Customers who come back month after month and never leave without a bag of tea": 30,
                "Customers who were last seen at the fair and have not been seen in a shop since": 30.5,
                "Nobody": 0,
            }.items()
        ]
    )
    chart = movement.sizes(rows, "customers").to_dict()
    low, high = chart["layer"][0]["encoding"]["y"]["scale"]["domain"]
    written = rows_of_layer(chart, chart["layer"][1])
    middles = [(high - row["value"]) / (high - low) * chart["height"] + row["down"] for row in written]
    assert_apart(middles, [row["lines"] for row in written], chart["height"])


def test_names_beside_flows_do_not_cover_each_other():
    segments = pd.DataFrame(
        {
            "persona": ["Customers who come back month after month and never leave without a bag of tea", "B", "C"],
            "colour": COLOURS[:3],
        },
        index=[1, 2, 3],
    )
    moved = pd.DataFrame({"from_segment_id": [0, 1, 2], "to_segment_id": [1, 1, 3], "customers": [990, 1, 2]})
    chart = movement.moves(moved, segments, ["31 January", "28 February"]).to_dict()
    total = chart["layer"][0]["encoding"]["y"]["scale"]["domain"][1]
    first = rows_of_layer(chart, chart["layer"][2])
    assert len(first) == 3
    middles = [(total - row["y"]) / total * chart["height"] for row in first]
    assert_apart(middles, [row["lines"] for row in first], chart["height"])
    assert all("\n%" not in row["lines"] for row in first)


def assert_apart(middles, texts, height):
    """Look that texts of some lines, whose middles are so many pixels from the top, lie in the chart side by side."""
    halves = [LINE * len(text.split("\n")) / 2 for text in texts]
    ends = sorted((middle - half, middle + half) for middle, half in zip(middles, halves, strict=True))
    assert ends[0][0] >= -0.01
    assert ends[-1][1] <= height + 0.01
    assert all(before[1] <= after[0] + 0.01 for before, after in pairwise(ends))


def test_the_key_of_a_map_names_every_segment():
    every = 40
    segments = some_segments(12)
    segments = (
        pd.concat([segments] * 4, ignore_index=True)
        .head(every)
        .assign(cluster_id=range(1, every + 1), persona=[f"Persona {number}" for number in range(1, every + 1)])
    )
    chart = segment_charts.segment_map(some_customers(segments), segments, Axis("x", "x"), Axis("y", "y")).to_dict()
    key = chart["layer"][0]["encoding"]["color"]["legend"]
    assert key["symbolLimit"] == 0


@pytest.mark.parametrize(("rows", "columns"), [(1, 1), (3, 2), (12, 11)])
def test_profiles_hold_any_number_of_segments_and_features(rows, columns):
    labels = [f"share of the favourite category {column}, of purchase value" for column in range(columns)]
    values = pd.DataFrame(np.linspace(-3, 3, rows * columns).reshape(rows, columns), columns=labels)
    segments = some_segments(rows, "Conservative Big-Ticket Weekend Shoppers")
    written = (values * 1000).map(formatting.figure)
    chart = heat_maps.profiles(values, written, segments, in_deviations=True)
    assert_nothing_is_cut(chart)
    found = [row["text"] for row in drawn_values(chart) if "colour" in row]
    assert sorted(found) == sorted(text.replace("-", formatting.MINUS) for text in written.to_numpy().ravel())
    values.iloc[0, 0] = np.nan
    assert_nothing_is_cut(
        heat_maps.profiles(values, values.map(formatting.cell, unit=""), segments, in_deviations=False)
    )


def test_crosswalks_hold_segments_without_customers_in_common():
    one, other = some_segments(3), some_segments(12, "Another")
    rows = pd.DataFrame(
        {"cluster_id": [1, 2], "other_cluster_id": [4, 12], "customers": [10, 10], "share_of_segment": [1.0, 1.0]}
    )
    chart = heat_maps.crosswalk(rows, one, other, ("three", "twelve"))
    assert_nothing_is_cut(chart)
    assert [row["text"] for row in drawn_values(chart) if "colour" in row].count("100 %") == 2
    chart = flows.flows_between([one, other], [rows], ["three", "twelve"])
    assert_nothing_is_cut(chart)
    bands = {row["band"]: row["high"] - row["low"] for row in drawn_values(chart) if "band" in row}
    assert bands == pytest.approx({"0-1-4": 10, "0-2-12": 10})


def test_stability_shows_segments_without_a_figure():
    rows = some_segments(3).assign(
        bootstrap_jaccard=[0.9, 0.55, np.nan],
        bootstrap_jaccard_standard_error=[0.01, np.nan, np.nan],
        stability_grade=["stable", "doubtful", None],
    )
    chart = segment_charts.stability(
        rows, pd.DataFrame({"grade": ["stable", "dissolved"], "lowest_jaccard": [0.75, 0]})
    )
    assert "not computed" in shown(assert_nothing_is_cut(chart))
    bars = [row for row in drawn_values(chart) if "low" in row]
    assert [(row["value"], row["low"], row["high"]) for row in bars] == [(0.9, 0.88, 0.92), (0.55, 0.55, 0.55)]


def test_a_criterion_shows_what_it_chooses_what_is_in_use_and_what_is_recommended():
    choices = pd.DataFrame({"k": [2, 3, 4], "silhouette": [0.5, 0.4, np.nan]})
    silhouette = next(one for one in CRITERIA if one.column == "silhouette")
    chart = choice_of_k.criterion(choices, {"silhouette_k": 2, "k_in_use": 3, "recommended_k": 4}, silhouette)
    assert_nothing_is_cut(chart)
    datasets = [list(rows) for rows in chart.to_dict()["datasets"].values()]
    assert [{"k": 2.65, "to": 3.35}] in datasets  # in use
    assert [{"k": 4}] in datasets  # recommended
    assert [{"k": 2, "value": 0.5}] in datasets  # chosen
    assert_nothing_is_cut(panels([chart] * 7, 4))


@pytest.mark.slow
@pytest.mark.parametrize("features", [1, 2, 8, 11])
def test_exploration_holds_any_number_of_features(features):
    names = [f"feature_{number}" for number in range(features)]
    label, unit = "share of the favourite category", "of purchase value"
    bins = pd.DataFrame({"lower_bound": [0.0, 2.0], "upper_bound": [0.0, 3.0], "customers": [3, 4]})
    histogram = distributions.histogram(bins, label, unit, 1.0, 1.5)
    assert_nothing_is_cut(panels([histogram] * features, 3))
    found = [(row["from"], row["to"], row["customers"]) for row in drawn_values(histogram) if "customers" in row]
    assert found == [(0.0, 1.0, 3), (2.0, 3.0, 4)]
    assert [row["value"] for row in drawn_values(histogram) if "what" in row] == [1.0, 1.5]
    boxes = pd.DataFrame(
        {"name": ["women"], "lower_whisker": 0.0, "p25": 1.0, "median": 1.0, "p75": 2.0, "upper_whisker": [np.nan]}
    )
    assert_nothing_is_cut(panels([distributions.boxes(boxes, label, unit)] * features, 3))
    many = pd.concat([boxes.assign(name=f"Conservative Big-Ticket Weekend Shoppers {number}") for number in range(12)])
    assert_nothing_is_cut(distributions.boxes(many, label, unit, colours=COLOURS))
    if features > 1:
        pairs = pd.DataFrame({"feature": names[:-1], "other_feature": names[1:], "pearson": [np.nan] * (features - 1)})
        assert_nothing_is_cut(heat_maps.correlations(pairs, dict.fromkeys(names, label)))
        customers = pd.DataFrame({name: [0.0, 1.0, np.nan] for name in names})
        assert_nothing_is_cut(relations.pairs(customers, [Axis(name, label, unit, name == names[0]) for name in names]))


def test_frames_without_customers_are_drawn_empty():
    segments = some_segments(2)
    nobody = some_customers(segments).iloc[:0]
    x, y, z = Axis("x", "x"), Axis("y", "y"), Axis("z", "z")
    for chart in (
        segment_charts.segment_map(nobody, segments, x, y),
        space.seen_from_one_side(nobody, segments, (x, y, z)),
        segment_charts.strip(nobody, segments, x),
        segment_charts.silhouettes(nobody.assign(silhouette=[]), segments),
    ):
        assert_nothing_is_cut(chart)


def test_names_from_right_to_left_and_with_markup_are_drawn_as_they_are():
    segments = some_segments(2).assign(
        persona=["\u05e9\u05dc\u05d5\u05dd \u05e2\u05d5\u05dc\u05dd", "<b>A & B</b> $x$"]
    )
    svg = assert_nothing_is_cut(segment_charts.strip(some_customers(segments), segments, Axis("x", "$ and <i>")))
    for text in (*segments["persona"], "$ and <i>"):
        assert text in shown(svg)


def test_pictures_do_not_depend_on_the_settings_around_them():
    segments = some_segments(3)
    picture = rendered(segment_charts.strip(some_customers(segments), segments, Axis("x", "x")), HEADING)
    with alt.theme.enable("dark"):
        other = rendered(segment_charts.strip(some_customers(segments), segments, Axis("x", "x")), HEADING)
    assert picture == other


def test_axes_write_numbers_and_days_as_the_language_in_use_does(monkeypatch):
    monkeypatch.setattr(language, "_used", language.used())  # which brings English back
    language.use_locale("de")
    days = pd.date_range("2024-01-31", periods=3, freq="ME")
    amounts = pd.DataFrame({"day": days, "persona": "A", "colour": "#000000", "value": [0.0, 1200.0, 4000.0]})
    shares = amounts.assign(value=[0.0, 0.4, 1.0])
    many, few = (assert_nothing_is_cut(movement.sizes(rows, "Wert")) for rows in (amounts, shares))
    assert {"1.000", "0", "11. Feb.", "März", "Mi. 7."} <= {text for text, *_ in texts(many)}
    assert {"0,2", "1"} <= {text for text, *_ in texts(few)}
    figure = space.space(some_customers(some_segments(2)), some_segments(2), [Axis(name, name) for name in "xyz"])
    assert figure["layout"]["separators"] == ",."


def test_words_behind_the_numbers_of_an_axis_cannot_end_its_expression(monkeypatch):
    texts = {"{number}M": "{number} m'\\", "{number}k": "k{number}"}
    monkeypatch.setattr(language, "_used", language.Language("xx", texts=texts))
    assert r"'~g') + ' m\'\\' : abs" in tick()
    assert "? 'k' + format(datum.value / 1e3, '~g') :" in tick()


def test_long_text_is_wrapped_to_the_width():
    found = lines("Conservative Earners with an Extraordinarilylongandunbreakable name", 60, 9)
    assert len(found) > 3
    assert all(text_width(line, 9) <= 60 for line in found)


def test_titles_of_separation_state_the_finding():
    choices = pd.DataFrame({"k": [4, 5, 6], "silhouette": [0.49, 0.5547, 0.54]})
    assert titles.separation(choices, 5, 0.55) == "Five segments separate best: silhouette 0.55 at k = 5"
    assert titles.separation(choices, 6, 0.54) == (
        "Six segments have a silhouette of 0.54; five would separate better (0.55)"
    )
    assert titles.separation(choices.iloc[:0], 5, 0.5547) == "Five segments, silhouette 0.55"


def test_titles_of_criteria_state_the_finding():
    recommendation = {"recommended_k": 5, "k_in_use": 5}
    votes = {"silhouette": 5, "gap": 5, "elbow": 5}
    assert titles.criteria(recommendation, votes) == "All three criteria choose k = 5, which is in use"
    assert titles.criteria(recommendation | {"k_in_use": 7}, votes | {"gap": None}) == (
        "Two of three criteria choose k = 5, while k = 7 is in use"
    )
    assert titles.criteria(recommendation, {"silhouette": 2, "gap": 9}).startswith("The criteria disagree; k = 5")
    assert titles.criteria({}, {}) == "The criteria choose no number of segments"
    assert titles.gap({"gap_k": np.nan, "k_in_use": 5}, 10) == (
        "The gap statistic keeps rising: up to k = 10 it chooses no number of segments"
    )
    inertia = pd.DataFrame({"k": [4, 5, 6], "inertia": [104.0, 66.0, 55.0]})
    assert titles.elbow(inertia, {"elbow_k": 5, "k_in_use": 5}) == (
        "The elbow is at k = 5, which is in use: another segment lowers inertia by 16.7 %"
    )
    assert titles.elbow(inertia, {"elbow_k": None}) == (
        "Inertia falls without an elbow, so it suggests no number of segments"
    )


def test_titles_of_categories_state_the_finding():
    effects = pd.DataFrame(
        {"label": ["age", "spending score"], "eta_squared": [0.0037, 0.0033], "effect": ["negligible", "negligible"]}
    )
    assert titles.category_effect("gender", effects, ["female", "male"]) == (
        "Women and men hardly differ: gender explains 0.4 % of the variance of age, and less of everything else"
    )
    assert titles.category_effect("gender", effects.iloc[1:], ["female", "male"]) == (
        "Women and men hardly differ in spending score: gender explains 0.3 % of its variance"
    )
    strong = effects.assign(eta_squared=[0.2, 0.1], effect=["large", "medium"])
    assert titles.category_effect("town", strong, ["a", "b", "c"]) == (
        "The three values of town differ strongly, most in age: town explains 20 % of its variance"
    )
    counts = pd.DataFrame(
        {
            "category": "gender",
            "category_value": ["female", "male"],
            "customers": [112, 88],
            "share_of_customers": [0.56, 0.44],
        }
    )
    assert titles.categories(counts) == "56 % of customers are women"


def test_titles_of_relations_state_the_finding():
    pairs = pd.DataFrame(
        {"label": ["age", "age"], "other_label": ["annual income", "spending score"], "pearson": [-0.01, -0.327]}
    )
    assert (
        titles.correlations(pairs) == "Age and spending score have the strongest correlation (r = \N{MINUS SIGN}0.33)"
    )
    assert titles.correlations(pairs.iloc[:1]) == (
        "No two features are correlated; the closest are age and annual income (r = \N{MINUS SIGN}0.01)"
    )
    assert titles.scatters(pairs) == "One of two pairs of features is correlated with r of at least 0.3"
    assert titles.relationship(0.1071, 0.1074, "age", "spending score") == (
        "Age explains 10.7 % of spending score with a line; a curve explains no more"
    )
    assert titles.correlations(pairs.assign(pearson=np.nan)) == "No correlation can be computed"


def test_titles_of_segments_state_the_finding():
    rows = pd.DataFrame(
        {"persona": ["A", "B"], "bootstrap_jaccard": [0.97, 0.87], "stability_grade": ["stable", "stable"]}
    )
    assert titles.stability(rows) == "Both segments are stable; the weakest, B, reaches 0.87"
    mixed = rows.assign(bootstrap_jaccard=[0.97, 0.52], stability_grade=["stable", "doubtful"])
    assert titles.stability(mixed) == "One of two segments is stable; the weakest, B, is doubtful with 0.52"
    differences = pd.DataFrame([[0.1, -1.94], [1.2, np.nan]])
    assert titles.profiles(differences, ["A", "B"], ["age", "income"], in_deviations=True) == (
        "The largest difference is the income of A: 1.9 standard deviations below all customers"
    )
    boxes = pd.DataFrame(
        {
            "category_value": ["A", "B", "A", "B"],
            "feature": ["age", "age", "score", "score"],
            "label": ["age", "age", "spending score", "spending score"],
            "unit": ["years", "years", "points", "points"],
            "p25": [30.0, 32.0, 10.0, 70.0],
            "median": [40.0, 41.0, 17.0, 82.0],
            "p75": [50.0, 52.0, 25.0, 90.0],
        }
    )
    assert titles.distributions(boxes) == (
        "Segments differ most in spending score: medians from 17 (A) to 82 points (B)"
    )
    assert titles.distributions(boxes.assign(median=1.0)) == "Customers of each segment"
    flows = pd.DataFrame(
        {"persona": ["A", "B", "B"], "other_persona": ["X", "X", "Y"], "share_of_segment": [1.0, 0.55, 0.45]}
    )
    assert titles.crosswalk(flows, 0.5, 2, 2) == (
        "Two and two segments agree only in part (adjusted Rand index 0.50); B splits the most, its largest part is 55 %"
    )
