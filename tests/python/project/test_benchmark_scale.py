"""The benchmark's own code path, with few customers: it must say what it measured, and why it did not measure the rest."""

import json
import sys
from functools import partial

import benchmark_scale
import duckdb
import numpy as np
import ours
import peers
import pytest
from bounded import Bounds, Log, run_bounded
from scale_data import KINDS, MAIN_KIND, TABLE, generate, inertia
from scale_page import with_tables
from scale_tables import seconds, tables
from sklearn.cluster import KMeans
from threadpoolctl import threadpool_limits

from helpers.projects import ROOT

BENCHMARKS = ROOT / "benchmarks"

# Stands for the path under test where only the benchmark around it is tested, and for an environment without the extra.
STAND_IN = """
import runpy, sys
sys.modules["faiss"] = None
sys.modules["pyspark"] = None
import ours
def fit_sweep(database, table, ks, starts, chosen, finished):
    finished("statistics")
    finished("sweep")
    return [[10.0 * center] * 5 for center in range(chosen)]
ours.fit_sweep = fit_sweep
sys.argv[0] = {program!r}
runpy.run_path(sys.argv[0], run_name="__main__")
"""


@pytest.fixture
def without_extra(monkeypatch, tmp_path):
    program = tmp_path / "contender.py"
    program.write_text(STAND_IN.format(program=str(BENCHMARKS / "scale_contender.py")))
    monkeypatch.setenv("PYTHONPATH", str(BENCHMARKS))
    monkeypatch.setattr(benchmark_scale, "CONTENDER", [sys.executable, str(program)])


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    # threads that wait for each other take minutes where tests run side by side
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    monkeypatch.setattr(benchmark_scale, "KS", (2, 6))
    monkeypatch.setattr(benchmark_scale, "STARTS", 2)
    with threadpool_limits(1):
        yield


@pytest.mark.slow
def test_every_contender_has_its_row_and_a_missing_one_its_reason(without_extra, tmp_path):
    folder = tmp_path / "results"
    benchmark_scale.main(["2000", "--quality-customers", "0", "--folder", str(folder)])
    results = json.loads((folder / "results.json").read_text())
    assert results["machine"]["duckdb"] == duckdb.__version__
    found = {result["contender"]: result for result in results["speed"]}
    assert list(found) == list(benchmark_scale.LABELS)
    for missing in ("faiss_sample", "faiss_all", "spark"):
        assert found[missing]["failure"] == "not installed"
        assert found[missing]["inertia"] is None
    assert [step["step"] for step in found["this project"]["steps"]] == ["statistics", "sweep"]
    peer = found["scikit_learn"]
    assert [step["step"] for step in peer["steps"]] == ["read", "one fit", "sweep", "write"]
    assert peer["failure"] is None
    assert 0 < peer["inertia"] < found["this project"]["inertia"]
    assert peer["inertia"] <= found["mini_batch"]["inertia"] * (1 + 1e-9)
    table = (folder / "speed.md").read_text()
    assert table.count("not installed") == 3
    assert len(table.splitlines()) == 2 + len(benchmark_scale.LABELS)
    assert (folder / "scale.svg").read_bytes().count(b"<path") > 10
    assert not list(folder.glob("*/customers.duckdb"))


@pytest.fixture
def few_customers(tmp_path):
    generate(tmp_path / "c.duckdb", 2000, MAIN_KIND)
    return tmp_path / "c.duckdb"


@pytest.mark.slow
def test_the_path_of_this_project_writes_labels_of_an_inertia_as_good_as_that_of_its_peer(few_customers):
    ours.prepare(few_customers, 6)
    steps = []
    centers = ours.fit_sweep(few_customers, TABLE, range(2, 8), 5, 6, steps.append)
    assert steps == ["statistics", "coreset", "sweep", "fit", "passes", "assignment", "silhouettes"]
    with duckdb.connect(str(few_customers)) as warehouse:
        sizes = warehouse.execute("select count(*) from labels group by cluster_id order by cluster_id").fetchall()
        values = warehouse.execute(f"select columns('value') from {TABLE}").fetchnumpy()
    points = np.column_stack(list(values.values()))
    peer = KMeans(6, n_init=10, random_state=0).fit((points - points.mean(axis=0)) / points.std(axis=0))
    assert inertia(few_customers, centers) <= peer.inertia_ * (1 + 1e-4)
    assert len(sizes) == 6
    assert sum(count for (count,) in sizes) == 2000


class SlowLog(Log):
    """Says that every fit took a second, so that a test decides what there is time for."""

    def __init__(self):
        self.steps = []
        self.told = {}

    def finished(self, step):
        self.steps.append({"step": step, "seconds": 1.0, "megabytes": 2.0})
        return 1.0

    def found(self, **values):
        self.told |= values

    def begin(self):
        pass


@pytest.mark.parametrize(
    ("time", "steps", "total", "in_speed", "in_quality"),
    [
        (1000, ["read", "one fit", "sweep", "write"], (3.0, False), "| 3.00 |", " |"),
        (100, ["read", "one fit", "all starts", "write"], (11.0, True), "≈ 11 (9 fits of 10 starts)", " |"),
        (10, ["read", "one fit", "write"], (92.0, True), "≈ 92 (90 fits of 1 start)", " (1 start) |"),
    ],
)
def test_a_sweep_that_takes_too_long_is_an_estimate_and_says_from_what(
    few_customers, time, steps, total, in_speed, in_quality, monkeypatch
):
    monkeypatch.setattr("sklearn.cluster.KMeans", partial(KMeans, max_iter=2))
    log = SlowLog()
    peers.scikit_learn(peers.Task(few_customers, range(2, 11), 10, 6, time), log)
    assert [step["step"] for step in log.steps] == steps
    assert np.shape(log.told.pop("centers")) == (6, 5)
    result = {"customers": 2000, "kind": MAIN_KIND, "contender": "scikit_learn", "failure": None, "inertia": 5.0}
    result |= {"steps": log.steps, **log.told}
    assert seconds(result) == total
    written = tables({"machine": {}, "speed": [result], "quality": [result]})
    assert in_speed in written["speed"]
    assert written["quality"].endswith(f" 5{in_quality}")
    with duckdb.connect(str(few_customers)) as warehouse:
        assert warehouse.execute("select count(distinct customer_id), max(cluster) from labels").fetchall() == [
            (2000, 5)
        ]


def test_a_contender_that_takes_too_long_or_too_much_is_ended_and_what_it_told_is_kept():
    told = "import json, time; print(json.dumps({'step': 'read', 'seconds': 1.0, 'megabytes': 2.0}), flush=True); "
    slow = run_bounded([sys.executable, "-c", told + "time.sleep(60)"], Bounds(seconds=1, gigabytes=8))
    assert slow.failure == "over 1 s"
    assert [step["step"] for step in slow.steps] == ["read"]
    large = run_bounded([sys.executable, "-c", told + "x = b'1' * 300_000_000; time.sleep(60)"], Bounds(60, 0.2))
    assert large.failure == "did not fit in 0.2 GB"
    broken = run_bounded([sys.executable, "-c", "raise ValueError('no such thing')"], Bounds(60, 8))
    assert broken.failure == "failed: ValueError: no such thing"


@pytest.mark.parametrize("kind", KINDS)
def test_customers_of_every_kind_are_the_same_again_and_differ_in_every_feature(kind, tmp_path):
    found = []
    for name, threads in (("one", 1), ("other", 2)):
        generate(tmp_path / name, 2000, kind)
        with duckdb.connect(str(tmp_path / name), config={"threads": threads}) as warehouse:
            found.append(warehouse.execute("from customers order by customer_id").fetchall())
    assert found[0] == found[1]
    assert len(found[0]) == 2000
    for values in list(zip(*found[0], strict=True))[1:]:
        assert len(set(values)) > 4
        assert None not in values


def test_the_judge_adds_up_squared_distances_to_the_nearest_centre_in_standard_deviations(tmp_path):
    with duckdb.connect(str(tmp_path / "c.duckdb")) as warehouse:
        values = ", ".join(f"range * {10**position}::double as value_{position}" for position in range(1, 6))
        warehouse.execute(f"create table customers as select range as customer_id, {values} from range(3)")
    centers = [[0.0] * 5, [2.0 * 10**position for position in range(1, 6)]]
    # Each feature is 0, 1, 2 in its unit, with variance 2/3; the middle customer is one unit away from either centre.
    assert inertia(tmp_path / "c.duckdb", centers) == pytest.approx(5 * 1.5)


def test_the_page_takes_tables_and_complains_about_a_missing_place():
    page = "# A\n<!-- speed -->\nold\n<!-- end -->\nb\n"
    assert with_tables(page, {"speed": "new"}) == "# A\n<!-- speed -->\nnew\n<!-- end -->\nb\n"
    with pytest.raises(ValueError, match="no place <!-- steps -->"):
        with_tables(page, {"steps": "new"})


def test_the_page_in_the_documentation_has_a_place_for_every_table():
    page = (BENCHMARKS.parent / "docs/performance.md").read_text()
    measured = tables({"machine": {}, "speed": [], "quality": []})
    assert "| customers |" in with_tables(page, measured)
