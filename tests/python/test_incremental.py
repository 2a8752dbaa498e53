"""Between two fits (var keep_model) only customers that are new or changed are scored, and the result is that of a full build."""

import re
import shutil

import duckdb
import pytest
from conftest import Project

SCORING = ["scoring_inputs", "customer_segments"]
MALL = ["mall_income_spending", "mall_seven_personas", "mall_six_personas"]
SEGMENTATIONS = [*MALL, "retail_personas", "sales_personas"]


def build(project, *selected, tests=True, full_refresh=False) -> str:
    """Build what is selected; return the log."""
    exclude = [] if tests else ["--exclude-resource-type", "test", "unit_test"]
    run = project.dbt(
        "build", "--select", *selected, *exclude, *(["--full-refresh"] if full_refresh else []), "--warn-error"
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout + run.stderr


def scored(log) -> dict[str, tuple[int, ...]]:
    """Per segmentation: customers to score, of how many, new, changed, of another model, gone."""
    lines = re.findall(
        r"customer_segments: (\w+): ([\d,]+) of ([\d,]+) customers to score "
        r"\(([\d,]+) new, ([\d,]+) changed, ([\d,]+) of another model\), ([\d,]+) gone",
        log,
    )
    return {name: tuple(int(count.replace(",", "")) for count in counts) for name, *counts in lines}


def change(project, *statements) -> None:
    with duckdb.connect(str(project.database)) as warehouse:
        for statement in statements:
            warehouse.execute(statement)


def segments(project):
    return project.query("select * from marts.customer_segments order by all")


def models(project):
    return project.query("select * from segmentation.fitted_clusters order by all")


@pytest.fixture(scope="module")
def day_after(built_before, tmp_path_factory):
    """The next day: a customer is new, two are changed, three are gone. Returns the project, the models before, and the log."""
    project = Project(tmp_path_factory.mktemp("incremental") / "project")
    shutil.copytree(built_before.folder, project.folder)
    project.edit("dbt_project.yml", "keep_model: false", "keep_model: true")
    before = models(project)
    change(project, "delete from segmentation.fitted_clusters where segmentation = 'sales_personas'")
    seed = project.folder / "seeds/raw/mall_customers.csv"
    header, *rows = seed.read_text().splitlines()
    changed = [re.sub(r",\d+$", ",50", row) if row.startswith(("1,", "2,")) else row for row in rows[:-3]]
    seed.write_text("\n".join([header, "900,Female,30,80,85", *changed[::-1]]) + "\n")
    return project, before, build(project, "mall_customers+,+customer_segments", tests=False)


def test_only_new_and_changed_customers_are_scored(day_after):
    _, _, log = day_after
    assert scored(log) == dict.fromkeys(MALL, (3, 198, 1, 2, 0, 3)) | {
        "retail_personas": (0, 5911, 0, 0, 0, 0),
        "sales_personas": (0, 985, 0, 0, 0, 0),
    }


def test_models_stay_and_one_that_is_not_stored_is_fitted(day_after):
    project, before, log = day_after
    assert "models kept: mall_income_spending, mall_seven_personas, mall_six_personas, retail_personas" in log
    assert "fitted, because none was stored: sales_personas" in log
    assert [row for row in models(project) if row[0] != "sales_personas"] == [
        row for row in before if row[0] != "sales_personas"
    ]


def test_the_result_is_that_of_a_full_build_with_the_same_models(day_after):
    project, _, _ = day_after
    found, kept = segments(project), models(project)
    log = build(project, "fitted_clusters", *SCORING, full_refresh=True)
    assert "customer_segments: every customer is scored" in log
    assert models(project) == kept
    assert segments(project) == found


def test_a_table_of_an_older_version_is_built_anew(day_after):
    project, _, _ = day_after
    found = segments(project)
    change(
        project,
        "alter table marts.customer_segments drop fingerprint",
        "update marts.customer_segments set distance = 0",
    )
    assert "customer_segments: every customer is scored" in build(project, *SCORING, tests=False)
    assert segments(project) == found


def test_other_models_and_other_personas_are_detected_and_nobody_else_is_scored(day_after):
    """A mark in each row shows who was scored: it stays where nothing has changed."""
    project, _, _ = day_after
    found = project.query("select segmentation, margin from marts.customer_segments")
    change(
        project,
        "update marts.customer_segments set margin = -1",
        "update marts.personas set persona = persona || ' (renamed)' where segmentation = 'mall_income_spending'",
        "update marts.cluster_centroids set model_version = 'refitted', scaled_centroid = scaled_centroid + 0.01 "
        "where segmentation = 'mall_six_personas'",
    )
    log = build(project, "customer_segments", tests=False)
    assert scored(log) == {
        "mall_income_spending": (198, 198, 0, 198, 0, 0),
        "mall_seven_personas": (0, 198, 0, 0, 0, 0),
        "mall_six_personas": (198, 198, 0, 0, 198, 0),
        "retail_personas": (0, 5911, 0, 0, 0, 0),
        "sales_personas": (0, 985, 0, 0, 0, 0),
    }
    assert {
        name for (name,) in project.query("select segmentation from marts.customer_segments where margin >= 0")
    } == {
        "mall_income_spending",
        "mall_six_personas",
    }
    assert project.query(
        "select count(*) from marts.customer_segments where segmentation = 'mall_six_personas' and model_version = 'refitted'"
    ) == [(198,)]
    # another margin is another row for everybody, and takes the marks away
    project.edit("dbt_project.yml", "borderline_margin: 0.1", "borderline_margin: 0.2")
    log = build(project, *SCORING)
    assert {name: counts[0] == counts[1] for name, counts in scored(log).items()} == dict.fromkeys(SEGMENTATIONS, True)
    same_model = "segmentation <> 'mall_six_personas'"
    [(borderline,)] = project.query(
        f"select count(*) from marts.customer_segments where is_borderline and {same_model}"
    )
    assert borderline == sum(margin < 0.2 for segmentation, *_, margin in found if segmentation != "mall_six_personas")


def test_a_change_of_the_seeds_that_asks_for_another_model_stops_the_build(rebuilt):
    rebuilt.edit("dbt_project.yml", "keep_model: false", "keep_model: true")
    rebuilt.edit(
        "seeds/judgement/segmentation_features.csv",
        "mall_income_spending,1,annual_income_k,none,1,",
        "mall_income_spending,1,annual_income_k,log,2,",
    )
    rebuilt.edit("seeds/judgement/segmentations.csv", "retail_personas,retail,3,", "retail_personas,retail,4,")
    before = models(rebuilt)
    run = rebuilt.dbt("build", "--select", "segmentations", "segmentation_features", "k_choices", "fitted_clusters")
    output = " ".join((run.stdout + run.stderr).split())
    assert run.returncode != 0
    assert "Traceback" not in output
    assert (
        "keep_model is true, but the seeds ask for another model than the stored one. segmentation 'mall_income_spending': its "
        "features are annual_income_k (log, weight 2), spending_score (none, weight 1), were annual_income_k (none, weight "
        "1), spending_score (none, weight 1); segmentation 'retail_personas': k is 4, was 3. Undo this in "
        "seeds/judgement/segmentations.csv or segmentation_features.csv, or build once with keep_model: false."
    ) in output
    assert models(rebuilt) == before


def test_a_var_that_is_neither_true_nor_false_is_refused(rebuilt):
    run = rebuilt.dbt("run", "--select", "customer_segments", "--vars", '{keep_model: "no"}')
    assert "The var `keep_model` is 'no'. Expected true or false." in run.stdout
    assert "Traceback" not in run.stdout
