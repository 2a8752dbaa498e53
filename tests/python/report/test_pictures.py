import json
import re

import duckdb
import matplotlib
import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from customer_segmentation import formatting
from customer_segmentation.cli.main import main
from customer_segmentation.publication.tables import Publication
from customer_segmentation.report import theme
from customer_segmentation.report.criteria import CRITERIA
from customer_segmentation.report.pictures import choice_of_k, clusters, exploration, profiles, stability, titles
from customer_segmentation.report.pictures.catalogue import pictures
from customer_segmentation.report.pictures.drawing import AS_PNG_TOO, DOCUMENTED
from customer_segmentation.report.pictures.files import rendered
from customer_segmentation.report.pictures.layout import Heading, text_width, wrapped
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
            "marker": theme.MARKERS[:count],
            "customers": [10] * count,
            "share_of_customers": [1 / count] * count,
        }
    )


def some_customers(segments, per_segment=10):
    random = np.random.default_rng(1)
    cluster = np.repeat(segments["cluster_id"].to_numpy(), per_segment)
    x, y, z = random.normal(size=(3, len(cluster))) + cluster
    return pd.DataFrame({"cluster_id": cluster, "x": x, "y": y, "z": z})


def texts(figure):
    """Every text of a figure that is drawn."""
    FigureCanvasAgg(figure)
    figure.draw_without_rendering()
    found = figure.findobj(lambda artist: isinstance(artist, matplotlib.text.Text))
    return [text for text in found if text.get_visible() and text.get_text().strip()]


def assert_nothing_is_cut(figure):
    texts(figure)
    for artist in (*figure.axes, *figure.texts, *figure.legends):
        box = artist.get_tightbbox() if artist in figure.axes else artist.get_window_extent()
        if box is not None:
            inside = box.x0 >= -1 and box.y0 >= -1 and box.x1 <= figure.bbox.x1 + 1 and box.y1 <= figure.bbox.y1 + 1
            assert inside, f"{artist} leaves the picture: {box}"


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


def test_pictures_carry_their_finding(drawn):
    for picture in json.loads((drawn / "index.json").read_text())["pictures"]:
        assert "<dc:title>" in (drawn / picture["files"][0]).read_text()
        assert len(picture["title"]) > 10
        kind = "synthetic customers" if picture["dataset"] == "large" else "customers"
        assert kind in picture["subtitle"], picture["files"]
        assert "synthetic" not in picture["subtitle"] or picture["dataset"] == "large"
        assert "nan" not in picture["title"].lower().split()


COMPARED = [f"mall_{name}" for name in ("histograms", "categories", "correlations")]
COMPARED += [f"mall_six_personas_{name}" for name in ("elbow", "gap", "clusters", "stability")]


@pytest.fixture(scope="module")
def figures(published):
    """Pictures whose drawn values are compared with the tables, before they become files."""
    with Publication(published) as publication:
        named = {picture.name: picture for picture in pictures(publication)}
        return {name.removeprefix("mall_").removeprefix("six_personas_"): named[name].draw() for name in COMPARED}


def table(published, sql):
    with duckdb.connect(str(published), read_only=True) as database:
        return database.execute(sql).df()


def bars(axes):
    return [patch for patch in axes.patches if isinstance(patch, matplotlib.patches.Rectangle)]


def test_heights_of_histograms_are_the_customers_of_their_bins(figures, published):
    labels = {"Age": "age", "Annual income": "annual_income_k", "Spending score": "spending_score"}
    for axes in figures["histograms"].axes:
        feature = labels.pop(axes.get_title(loc="left").split(",")[0])
        key = f"where dataset = 'mall' and feature = '{feature}'"
        rows = table(published, f"from feature_histograms {key} order by bin")
        assert [bar.get_height() for bar in bars(axes)] == rows["customers"].tolist()
        assert [bar.get_x() for bar in bars(axes)] == rows["lower_bound"].tolist()
        summary = table(published, f"select median, mean from feature_summary {key}")
        assert [line.get_xdata()[0] for line in axes.lines] == summary.iloc[0].tolist()
    assert labels == {}


def test_lengths_of_bars_of_categories_are_their_customers(figures, published):
    counted = table(published, "from category_counts where dataset = 'mall' order by customers desc")
    for axes in figures["categories"].axes:
        rows = counted[counted["category"] == axes.get_title(loc="left").lower()]
        lengths = [bar.get_width() for bar in bars(axes)]
        assert lengths == rows["customers"].tolist()[: len(lengths)]  # the largest of many values
        for bar, beside in zip(bars(axes), axes.texts, strict=True):
            assert beside.xy == pytest.approx((bar.get_width(), bar.get_y() + bar.get_height() / 2))
            assert beside.get_text().startswith(f"{bar.get_width():,} (")


def test_curves_of_the_choice_of_k_go_through_its_figures(figures, published):
    rows = table(published, "from k_selection where segmentation = 'mall_six_personas' order by k")
    for picture in ("elbow", "gap"):
        curve, chosen = [line for line in figures[picture].axes[0].lines if line.get_marker() == "o"]
        column = {"elbow": "inertia"}.get(picture, picture)
        assert curve.get_xdata().tolist() == rows["k"].tolist()
        assert curve.get_ydata().tolist() == rows[column].tolist()
        assert list(chosen.get_xdata()) == [6]


def test_points_of_a_map_are_the_customers_of_the_segments(figures, published):
    axes = figures["clusters"].axes[0]
    for cluster, drawn in enumerate(axes.collections, start=1):
        expected = table(
            published,
            "select component_1, component_2 from customer_components "
            f"where segmentation = 'mall_six_personas' and cluster_id = {cluster}",
        )
        assert len(expected) == 25
        assert sorted(drawn.get_offsets().tolist()) == sorted(expected.to_numpy().tolist())


def test_marks_of_stability_are_the_similarities(figures, published):
    rows = table(published, "from segment_stability where segmentation = 'mall_six_personas' order by cluster_id")
    marks = [
        line for line in figures["stability"].axes[0].lines if line.get_markersize() == 9 and len(line.get_xdata()) == 1
    ]
    assert [mark.get_xdata()[0] for mark in marks] == rows["bootstrap_jaccard"].tolist()


def test_fields_of_correlations_are_coloured_by_their_figure(figures, published):
    (image,) = figures["correlations"].axes[0].images
    values = image.get_array().filled(np.nan)
    pearson = table(published, "from feature_correlations where dataset = 'mall'").set_index(
        ["feature", "other_feature"]
    )["pearson"]
    assert values[np.isfinite(values)].tolist() == pearson.tolist()
    assert image.get_clim() == (-1, 1)


def test_a_comparison_on_a_coreset_says_so(drawn):
    index = json.loads((drawn / "index.json").read_text())
    subtitles = {picture["files"][0]: picture["subtitle"] for picture in index["pictures"]}
    assert "a weighted sample of 300 of 600 synthetic customers" in subtitles["large_twelve_elbow.svg"]
    assert "the silhouette on 600 even draws, the lower three on 200" in subtitles["large_twelve_criteria.svg"]
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
    ]


def test_what_cannot_be_drawn_is_said_in_the_index(drawn):
    index = json.loads((drawn / "index.json").read_text())
    reasons = {missing["picture"]: missing["reason"] for missing in index["not_drawn"]}
    assert reasons == {
        "mall_income_spending_clusters_3d": "mall_income_spending has only two features; three dimensions need three.",
        "large_one_clusters_3d": "large_one has only one feature; three dimensions need three.",
        "large_one_biplot": "large_one has only one feature; principal components need two.",
    }
    gallery = (drawn / "index.md").read_text()
    assert all(reason in gallery for reason in reasons.values())
    assert "![" in gallery


def test_the_same_marts_give_the_same_bytes(drawn, published, tmp_path):
    assert run_command("pictures", published, tmp_path / "again").returncode == 0
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


@pytest.mark.slow
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
    names = ("annual income, k$", "spending score, points", "time since the last purchase, days")
    for figure in (
        clusters.map_of_segments(customers, segments, HEADING, names=names[:2], logarithmic=(True, False)),
        clusters.map_in_three_dimensions(customers, segments, HEADING, names=names, logarithmic=(True, False, False)),
        clusters.strip(customers, segments, HEADING, name=names[0]),
        choice_of_k.silhouettes(customers.assign(silhouette=0.4), segments, HEADING),
    ):
        assert_nothing_is_cut(figure)
        shown = " ".join(" ".join(text.get_text() for text in texts(figure)).split())
        assert all(segment in shown for segment in segments["persona"])


def test_names_of_segments_that_lie_together_do_not_overlap():
    segments = some_segments(8, "Conservative Earners")
    customers = some_customers(segments)
    centroids = pd.DataFrame(
        {"cluster_id": segments["cluster_id"], "x": 4 + 0.1 * np.arange(8), "y": 4 + 0.05 * np.arange(8)}
    )
    figure = clusters.map_of_segments(customers, segments, HEADING, names=("x", "y"), centroids=centroids)
    names = [text for text in texts(figure) if text.get_text().startswith("Conservative")]
    boxes = [matplotlib.text.Text.get_window_extent(name) for name in names]  # without the line to the centroid
    assert len(boxes) == 8
    for index, box in enumerate(boxes):
        assert not any(box.overlaps(other) for other in boxes[index + 1 :])


@pytest.mark.parametrize(("rows", "columns"), [(1, 1), (3, 2), (12, 11)])
def test_profiles_hold_any_number_of_segments_and_features(rows, columns):
    labels = [f"share of the favourite category {column}, of purchase value" for column in range(columns)]
    values = pd.DataFrame(np.linspace(-3, 3, rows * columns).reshape(rows, columns), columns=labels)
    segments = some_segments(rows, "Conservative Big-Ticket Weekend Shoppers")
    assert_nothing_is_cut(
        profiles.profile_map(values, (values * 1000).map(formatting.figure), segments, HEADING, in_deviations=True)
    )
    values.iloc[0, 0] = np.nan
    written = values.map(formatting.cell, unit="")
    assert_nothing_is_cut(profiles.profile_map(values, written, segments, HEADING, in_deviations=False))


def test_crosswalks_hold_segments_without_customers_in_common():
    one, other = some_segments(3), some_segments(12, "Another")
    flows = pd.DataFrame(
        {"cluster_id": [1, 2], "other_cluster_id": [4, 12], "customers": [10, 10], "share_of_segment": [1.0, 1.0]}
    )
    assert_nothing_is_cut(profiles.crosswalk_map(flows, one, other, HEADING, names=("three", "twelve")))
    assert_nothing_is_cut(profiles.flows_between([one, other], [flows], HEADING, names=["three", "twelve"]))


def test_stability_shows_segments_without_a_figure():
    rows = some_segments(3).assign(
        bootstrap_jaccard=[0.9, 0.55, np.nan],
        bootstrap_jaccard_standard_error=[0.01, np.nan, np.nan],
        stability_grade=["stable", "doubtful", None],
    )
    figure = stability.stability(rows, HEADING)
    assert "not computed" in [text.get_text() for text in texts(figure)]
    assert_nothing_is_cut(figure)


def test_criteria_without_figures_have_no_panel():
    choices = pd.DataFrame({"k": [2, 3, 4], "inertia": [30.0, 20.0, 15.0], "silhouette": [0.5, 0.4, np.nan]})
    for criterion in CRITERIA:
        for column in filter(None, (criterion.column, criterion.error)):
            if column not in choices:
                choices[column] = np.nan
    figure = choice_of_k.criteria(choices, {"elbow_k": 3, "silhouette_k": 2, "k_in_use": 3}, HEADING)
    shown = [text.get_text() for text in texts(figure)]
    assert "Silhouette" in shown
    assert "Gap statistic" not in shown
    assert_nothing_is_cut(figure)


@pytest.mark.slow
@pytest.mark.parametrize("features", [1, 2, 8, 11])
def test_exploration_holds_any_number_of_features(features):
    names = [f"feature_{number}" for number in range(features)]
    summary = pd.DataFrame(
        {
            "feature": names,
            "label": "share of the favourite category",
            "unit": "of purchase value",
            "mean": 1.5,
            "median": 1.0,
        }
    )
    bins = pd.DataFrame({"feature": names, "lower_bound": 0.0, "upper_bound": 0.0, "customers": 3})
    assert_nothing_is_cut(exploration.histograms(bins, summary, HEADING))
    boxes = summary.assign(
        category_value="female", lower_whisker=0.0, p25=1.0, p75=2.0, upper_whisker=[np.nan] * features
    )
    assert_nothing_is_cut(exploration.box_plots(boxes, HEADING))
    many = pd.concat(
        [boxes.assign(category_value=f"Conservative Big-Ticket Weekend Shoppers {number}") for number in range(12)]
    )
    assert_nothing_is_cut(exploration.box_plots(many, HEADING, colours=COLOURS))
    if features > 1:
        pairs = pd.DataFrame({"feature": names[:-1], "other_feature": names[1:], "pearson": [np.nan] * (features - 1)})
        labels = dict.fromkeys(names, "share of the favourite category")
        assert_nothing_is_cut(exploration.correlation_map(pairs, labels, HEADING))
        customers = pd.DataFrame({name: [0.0, 1.0, np.nan] for name in names})
        assert_nothing_is_cut(exploration.scatter_matrix(customers, summary, HEADING, logarithmic=frozenset(names[:1])))


def test_frames_without_customers_are_drawn_empty():
    segments = some_segments(2)
    nobody = some_customers(segments).iloc[:0]
    for figure in (
        clusters.map_of_segments(nobody, segments, HEADING, names=("x", "y")),
        clusters.map_in_three_dimensions(nobody, segments, HEADING, names=("x", "y", "z")),
        clusters.strip(nobody, segments, HEADING, name="x"),
        choice_of_k.silhouettes(nobody.assign(silhouette=[]), segments, HEADING),
    ):
        assert len(rendered(figure, HEADING, "svg")) > 1000


def test_pictures_do_not_depend_on_the_settings_around_them():
    segments = some_segments(3)
    picture = rendered(clusters.strip(some_customers(segments), segments, HEADING, name="$ and $"), HEADING, "svg")
    with matplotlib.rc_context({"font.size": 30, "axes.grid": False, "text.parse_math": True}):
        other = rendered(clusters.strip(some_customers(segments), segments, HEADING, name="$ and $"), HEADING, "svg")
    assert re.sub(rb"<dc:date>.*?</dc:date>", b"", picture) == other


def test_long_text_is_wrapped_to_the_width():
    lines = wrapped("Conservative Earners with an Extraordinarilylongandunbreakable name", 60, 9).split("\n")
    assert len(lines) > 3
    assert all(text_width(line, 9) <= 60 for line in lines)


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
