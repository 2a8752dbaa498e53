"""Where models are not fitted again (var refit) they stay, and the build says who is new, changed and gone."""

import re
import shutil

import duckdb
import pytest

from helpers.projects import Project

MALL = ["mall_income_spending", "mall_seven_personas", "mall_six_personas"]


def build(project, *selected) -> str:
    """Build what is selected, without tests; return the log."""
    run = project.dbt("build", "--select", *selected, "--exclude-resource-type", "test", "unit_test", "--warn-error")
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout + run.stderr


def changes(log) -> dict[str, tuple[int, ...]]:
    """Per segmentation: customers, how many of them are new, changed, of another model, and how many are gone."""
    lines = re.findall(
        r"customer_segments: (\w+): ([\d,]+) customers \(([\d,]+) new, ([\d,]+) changed, ([\d,]+) of another model\), "
        r"([\d,]+) gone",
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
    project.edit("dbt_project.yml", "refit: null", "refit: never")
    before = models(project)
    shutil.rmtree(project.folder / "history")  # which would have the model that the warehouse lacks
    change(project, "delete from segmentation.fitted_clusters where segmentation = 'sales_personas'")
    seed = project.folder / "seeds/raw/mall_customers.csv"
    header, *rows = seed.read_text().splitlines()
    changed = [re.sub(r",\d+$", ",50", row) if row.startswith(("1,", "2,")) else row for row in rows[:-3]]
    seed.write_text("\n".join([header, "900,Female,30,80,85", *changed[::-1]]) + "\n")
    return project, before, build(project, "mall_customers+,+customer_segments")


def test_the_log_says_who_is_new_changed_and_gone(day_after):
    _, _, log = day_after
    assert changes(log) == dict.fromkeys(MALL, (198, 1, 2, 0, 3)) | {
        "retail_personas": (5911, 0, 0, 0, 0),
        "sales_personas": (985, 0, 0, 0, 0),
    }


def test_models_stay_and_one_that_is_not_stored_is_fitted(day_after):
    project, before, log = day_after
    assert "the model 97cd4243be6c stays, because refit is never" in log
    assert project.query("select segmentation from segmentation.refit_decisions where decision = 'first'") == [
        ("sales_personas",)
    ]
    assert [row for row in models(project) if row[0] != "sales_personas"] == [
        row for row in before if row[0] != "sales_personas"
    ]


def test_every_customer_is_scored_by_the_model_of_today(day_after):
    project, _, _ = day_after
    found = segments(project)
    change(
        project,
        "update marts.customer_segments set margin = -1",
        "update marts.personas set persona = persona || ' (renamed)' where segmentation = 'mall_income_spending'",
        "update marts.cluster_centroids set model_version = 'refitted' where segmentation = 'mall_six_personas'",
    )
    log = build(project, "customer_segments")
    assert changes(log)["mall_income_spending"] == (198, 0, 0, 0, 0)
    assert changes(log)["mall_six_personas"] == (198, 0, 0, 198, 0)
    personas, version = 4, 13

    def expected(row):
        row = list(row)
        if row[0] == "mall_income_spending":
            row[personas] += " (renamed)"
            row[personas + 3] += " (renamed)"
        if row[0] == "mall_six_personas":
            row[version] = "refitted"
        return tuple(row)

    assert segments(project) == sorted(map(expected, found))


def test_without_a_table_to_compare_with_nothing_is_said(day_after):
    project, _, _ = day_after
    change(project, "alter table marts.customer_segments drop fingerprint")
    log = build(project, "customer_segments")
    assert "customer_segments: no rows of an earlier build to compare with" in log
    assert changes(log) == {}


def test_a_change_of_the_seeds_that_asks_for_another_model_stops_the_build(rebuilt):
    rebuilt.edit("dbt_project.yml", "refit: null", "refit: never")
    rebuilt.edit(
        "seeds/judgement/segmentation_features.csv",
        "mall_income_spending,1,annual_income_k,none,1,",
        "mall_income_spending,1,annual_income_k,log,2,",
    )
    rebuilt.edit("seeds/judgement/segmentations.csv", "retail_personas,retail,3,", "retail_personas,retail,4,")
    before = models(rebuilt)
    selected = [
        "segmentations",
        "segmentation_features",
        "applied_segmentations",
        "k_choices",
        "champions",
        "refit_plans",
    ]
    run = rebuilt.dbt("build", "--select", *selected, "fitted_clusters")
    output = " ".join((run.stdout + run.stderr).split())
    assert run.returncode != 0
    assert "Traceback" not in output
    assert (
        "The seeds ask for another model than the one that is to be kept. segmentation 'mall_income_spending': its "
        "features are annual_income_k (log, weight 2), spending_score (none, weight 1), were annual_income_k (none, weight "
        "1), spending_score (none, weight 1); segmentation 'retail_personas': k is 4, was 3. Undo this in "
        "seeds/judgement/segmentations.csv or segmentation_features.csv, or let the model be fitted: with refit: always, "
        "and `segmentation models withdraw` where somebody has activated a model."
    ) in output
    assert models(rebuilt) == before


def test_models_of_another_version_are_not_read_where_no_history_has_them(rebuilt):
    change(rebuilt, "alter table segmentation.fitted_clusters drop weight")
    given = ["run", "--select", "applied_segmentations", "champions", "--vars"]
    run = rebuilt.dbt(*given, "{refit: never, history_folder: none}")
    output = " ".join((run.stdout + run.stderr).split())
    assert "refit is never, but another version of this project wrote the models in" in output
    assert "Build once with the var refit: always." in output
    run = rebuilt.dbt(*given, "{refit: always, history_folder: none}")
    assert run.returncode == 0, run.stdout
