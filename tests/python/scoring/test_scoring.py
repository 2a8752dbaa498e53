"""The macros of the published database: scoring in SQL equals the build and scikit-learn, whatever is asked."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import numpy as np
import pytest

from helpers.fitted_model import model_of, predict

ROOT = Path(__file__).resolve().parents[3]
OLD_CLIENT = ROOT / ".venv/old-client"  # the oldest DuckDB that can open the published file
SCORED = """
    cluster_id, persona, distance, runner_up_cluster_id, runner_up_persona, runner_up_distance, margin, is_borderline,
    deciding_feature, second_deciding_feature
"""
TRANSFORMS = {"none": lambda values: values, "log": lambda values: np.sign(values) * np.log1p(np.abs(values))}


@pytest.fixture
def published(built):
    with duckdb.connect(str(built.published / "marts.duckdb"), read_only=True) as database:
        yield database


def lateral(database, dataset: str) -> str:
    """Return a query that scores every customer of a dataset."""
    [(parameters,)] = database.execute("select parameters from scoring_macros where dataset = ?", [dataset]).fetchall()
    given = ", ".join(f"{parameter} := features.{parameter}" for parameter in parameters.split(", "))
    return f"""
        select customer_id, scored.*
        from {dataset}_customer_features as features, lateral predict_{dataset}({given}) as scored
    """


@pytest.mark.parametrize("dataset", ["mall", "sales", "retail"])
def test_every_customer_gets_the_row_that_the_build_gave(published, dataset):
    difference = published.execute(
        f"""
        with scored as ({lateral(published, dataset)})
        select customer_id, segmentation, {SCORED}, campaign, channel, offer from scored where problem is null
        except
        select customer_id, segmentation, {SCORED}, campaign, channel, offer
        from customer_segments inner join customer_campaigns using (segmentation, customer_id, persona)
        """
    ).fetchall()
    assert difference == []
    counts = published.execute(
        f"""
        with scored as ({lateral(published, dataset)})
        select count(*) filter (problem is null), count(*) filter (is_outside_seen_range),
            count(distinct (segmentation, model_version))
        from scored
        """
    ).fetchall()
    assert (
        counts
        == published.execute(
            "select count(*), 0, count(distinct segmentation) from customer_segments where dataset = ?", [dataset]
        ).fetchall()
    )


def test_customers_whom_the_build_left_out_are_left_out_with_a_reason(published):
    """Customers without purchases have no money spent: the build has no row for them, scoring says why."""
    reasons = published.execute(
        f"with scored as ({lateral(published, 'retail')}) select distinct persona, problem from scored where problem is not null"
    ).fetchall()
    assert reasons
    assert all(persona is None and problem.endswith("is missing") for persona, problem in reasons)


@pytest.mark.parametrize("dataset", ["mall", "sales", "retail"])
def test_every_label_is_that_of_scikit_learn(built, published, dataset):
    for segmentation, is_of in published.execute(
        "select segmentation, list(distinct (position, feature, transform)) from prediction_features where dataset = ? group by 1",
        [dataset],
    ).fetchall():
        columns = sorted(is_of)
        found = published.execute(
            f"""
            with scored as ({lateral(published, dataset)})
            select scored.cluster_id, {", ".join(f"features.{feature}" for _, feature, _ in columns)}
            from scored inner join {dataset}_customer_features as features using (customer_id)
            where segmentation = ? and problem is null
            """,
            [segmentation],
        ).fetchnumpy()
        values = [TRANSFORMS[transform](found[feature].astype(float)) for _, feature, transform in columns]
        centers, center, scale = model_of(built, segmentation)
        assert (found["cluster_id"] == predict(centers, (np.column_stack(values) - center) / scale)).all()


def test_customers_never_seen_are_labelled_as_by_scikit_learn(built, published):
    found = published.execute(
        """
        select segmentation, age, income, score, cluster_id
        from range(10, 110, 3) as ages(age), range(0, 300, 7) as incomes(income), range(1, 101, 2) as scores(score),
            lateral predict_mall(age := age, annual_income_k := income, spending_score := score)
        """
    ).fetchnumpy()
    for segmentation, columns in [
        ("mall_income_spending", ["income", "score"]),
        ("mall_six_personas", ["age", "income", "score"]),
        ("mall_seven_personas", ["age", "income", "score"]),
    ]:
        own = found["segmentation"] == segmentation
        assert own.sum() == 34 * 43 * 50
        centers, center, scale = model_of(built, segmentation)
        values = np.column_stack([found[column][own].astype(float) for column in columns])
        assert (found["cluster_id"][own] == predict(centers, (values - center) / scale)).all()


def test_the_lower_of_two_equally_near_clusters_wins(built, tmp_path):
    """Centres on the corners and in the middle of a board, as in the test of the assignment."""
    shutil.copy(built.published / "marts.duckdb", tmp_path / "marts.duckdb")
    with duckdb.connect(str(tmp_path / "marts.duckdb")) as database:
        database.execute(
            """
            update scoring_models
            set scaler_centers = [0, 0], scaler_scales = [1, 1], centroids = [[0, 0], [0, 8], [4, 4], [8, 0], [8, 8]]
            where segmentation = 'mall_income_spending'
            """
        )
        found = database.execute(
            """
            select x, y, cluster_id, runner_up_cluster_id
            from range(1, 9) as xs(x), range(1, 9) as ys(y), lateral predict_mall(annual_income_k := x, spending_score := y)
            where segmentation = 'mall_income_spending'
            """
        ).fetchnumpy()
    centers = np.array([[0.0, 0.0], [0.0, 8.0], [4.0, 4.0], [8.0, 0.0], [8.0, 8.0]])
    squared = ((np.column_stack([found["x"], found["y"]])[:, None] - centers) ** 2).sum(axis=2)
    order = np.argsort(squared, axis=1, kind="stable")
    assert (found["cluster_id"] == order[:, 0] + 1).all()
    assert (found["runner_up_cluster_id"] == order[:, 1] + 1).all()
    assert (np.sort(squared, axis=1)[:, 0] == np.sort(squared, axis=1)[:, 1]).any()


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        (None, "age is missing"),
        ("", "age is not a number: "),
        ("abc", "age is not a number: abc"),
        ("'; drop table segments; --", "age is not a number: '; drop table segments; --"),
        (float("nan"), "age is not a number: nan"),
        (float("inf"), "age is not a number: inf"),
        (-5, "age of -5 is not possible, expected 10 to 110"),
        (1e300, "age of 1e+300 is not possible, expected 10 to 110"),
        (9.5, "age of 9.5 is not possible, expected 10 to 110"),
    ],
)
def test_what_is_no_possible_value_comes_back_with_its_problem(published, given, problem):
    rows = published.execute(
        """
        select segmentation, * exclude (segmentation, model_version, problem), problem
        from predict_mall(age := ?, annual_income_k := 60, spending_score := 50)
        """,
        [given],
    ).fetchall()
    by_segmentation = {row[0]: row[1:] for row in rows}
    assert by_segmentation["mall_six_personas"] == (*[None] * 17, problem)
    assert by_segmentation["mall_income_spending"][1] == "Steady Middle"  # does not look at the age


def test_undecided_are_those_between_two_segments_and_those_unlike_anybody(published):
    found = published.execute(
        """
        select segmentation, is_borderline, is_outside_seen_range, is_undecided, campaign is not null
        from (values (33, 87, 82), (33, 67, 66), (99, 87, 82), (33, 400, 82)) as given (age, income, score),
            lateral predict_mall(age := given.age, annual_income_k := given.income, spending_score := given.score)
        """
    ).fetchall()
    assert {row[1:3] for row in found} >= {(False, False), (True, False), (False, True)}
    assert all(is_undecided == (borderline or outside) for _, borderline, outside, is_undecided, _ in found)
    assert all(has_campaign for *_, has_campaign in found)  # the columns keep what they held


def test_all_problems_of_a_customer_are_named(published):
    [(problem,)] = published.execute(
        "select problem from predict_mall(age := 'x', spending_score := 101) where segmentation = 'mall_six_personas'"
    ).fetchall()
    assert problem == (
        "age is not a number: x; annual income is missing; spending score of 101 is not possible, expected 1 to 100"
    )


def test_numbers_written_as_text_are_understood(published):
    query = "select * exclude (problem) from predict_mall(age := ?, annual_income_k := ?, spending_score := ?)"
    assert (
        published.execute(query, ["33", " 87 ", "8.2e1"]).fetchall()
        == published.execute(query, [33, 87, 82]).fetchall()
    )


def test_a_customer_unlike_all_seen_is_marked(published):
    def outside(age, income, score):
        return published.execute(
            """
            select is_outside_seen_range, outside_reason
            from predict_mall(age := ?, annual_income_k := ?, spending_score := ?) where segmentation = 'mall_six_personas'
            """,
            [age, income, score],
        ).fetchall()[0]

    assert outside(33, 87, 82) == (False, None)
    assert outside(105, 400, 50) == (True, "age of 105, seen 18 to 70; annual income of 400, seen 15 to 137")
    # each value was seen, the three together never
    assert outside(70, 137, 1) == (True, "farther from the centre of the segment than any of its customers")


def test_the_examples_run_and_describe_the_typical_customer(published):
    for (example,) in published.execute("select example from scoring_macros").fetchall():
        rows = published.execute(f"select problem, is_outside_seen_range from ({example})").fetchall()
        assert rows
        assert set(rows) == {(None, False)}


def test_macros_are_described_in_the_catalog(published):
    assert published.execute(
        "select function_name from duckdb_functions() where function_name like 'predict_%' and comment is not null order by 1"
    ).fetchall() == [("predict_mall",), ("predict_retail",), ("predict_sales",)]


CLIENT = """
import json, sys, duckdb
database = duckdb.connect(sys.argv[1], read_only=True)
query = "select segmentation, cluster_id, persona, distance from predict_mall(age := ?, annual_income_k := ?, spending_score := ?)"
scored = database.execute(query, [33, 87, 82]).fetchall()
tables = [name for (name,) in database.execute("select table_name from published_tables").fetchall()]
for table in tables:
    database.execute(f"select * from {table}").fetchall()
print(json.dumps([duckdb.__version__, scored, tables]))
"""


def test_a_client_that_bundles_the_oldest_duckdb_reads_tables_and_macros(built, published):
    assert OLD_CLIENT.is_dir(), "The old DuckDB is not installed: run `make .venv/.installed-dev`."
    run = subprocess.run(
        [sys.executable, "-c", CLIENT, built.published / "marts.duckdb"],
        env={"PYTHONPATH": str(OLD_CLIENT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    version, scored, tables = json.loads(run.stdout)
    assert version.startswith("1.")
    expected = published.execute(
        """
        select segmentation, cluster_id, persona, distance
        from predict_mall(age := 33, annual_income_k := 87, spending_score := 82)
        """
    ).fetchall()
    assert [tuple(row) for row in scored] == expected
    assert set(tables) == {name for (name,) in published.execute("select table_name from published_tables").fetchall()}
