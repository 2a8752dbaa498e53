"""The benchmark's own code path, with few customers: it must say what it measured, and why it did not measure the rest."""

import json
import logging
import sys
from functools import partial

import benchmark_scale
import duckdb
import numpy as np
import ours
import peers
import pytest
from bounded import Bounds, Log, run_bounded
from scale_contender import LABELS
from scale_data import FEATURES, KINDS, MAIN_KIND, TABLE, generate, inertia
from scale_page import with_tables
from scale_tables import NOTHING, seconds, tables
from sklearn.cluster import KMeans
from threadpoolctl import threadpool_limits

from helpers.projects import ROOT

BENCHMARKS = ROOT / "benchmarks"
FAR = list(KINDS)[-1]
EXTRA = ("intelex", "clever_user", "faiss_sample", "faiss_all", "spark")

# Stands for the path under test where only the benchmark around it is tested, and for an environment without the extra.
STAND_IN = """
import runpy, sys
sys.modules["faiss"] = None
sys.modules["pyspark"] = None
sys.modules["sklearnex"] = None
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
def test_every_contender_has_its_row_and_a_missing_one_its_reason(without_extra, tmp_path, monkeypatch):
    monkeypatch.setattr(benchmark_scale, "CAPPED_CONTENDERS", ("this project", "intelex"))
    folder = tmp_path / "results"
    benchmark_scale.main(["2000", "--quality-customers", "0", "--capped-customers", "1000", "--folder", str(folder)])
    results = json.loads((folder / "results.json").read_text())
    assert results["machine"]["duckdb"] == duckdb.__version__
    found = {result["contender"]: result for result in results["speed"]}
    assert list(found) == list(benchmark_scale.LABELS)
    for missing in EXTRA:
        assert found[missing]["failure"] == "not installed"
        assert found[missing]["inertia"] is None
    assert [step["step"] for step in found["this project"]["steps"]] == ["statistics", "sweep"]
    peer = found["scikit_learn"]
    assert [step["step"] for step in peer["steps"]] == ["read", "one fit", "sweep", "write"]
    assert peer["failure"] is None
    assert 0 < peer["inertia"] < found["this project"]["inertia"]
    assert peer["inertia"] <= found["mini_batch"]["inertia"] * (1 + 1e-9)
    table = (folder / "speed.md").read_text()
    assert table.count("not installed") == len(EXTRA)
    assert len(table.splitlines()) == 2 + len(benchmark_scale.LABELS)
    assert {result["contender"]: result["failure"] for result in results["capped"]} == {
        "this project": None,
        "intelex": "not installed",
    }
    assert "| 1,000 | this project | yes | " in (folder / "capped.md").read_text()
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
    assert _labels(few_customers) == [(2000, 5)]


def test_a_contender_that_takes_too_long_or_too_much_is_ended_and_what_it_told_is_kept():
    told = "import json, time; print(json.dumps({'step': 'read', 'seconds': 1.0, 'megabytes': 2.0}), flush=True); "
    slow = run_bounded([sys.executable, "-c", told + "time.sleep(60)"], Bounds(seconds=1, gigabytes=8))
    assert slow.failure == "over 1 s"
    assert [step["step"] for step in slow.steps] == ["read"]
    large = run_bounded([sys.executable, "-c", told + "x = b'1' * 300_000_000; time.sleep(60)"], Bounds(60, 0.2))
    assert large.failure == "did not fit in 0.2 GB"
    broken = run_bounded([sys.executable, "-c", "raise ValueError('no such thing')"], Bounds(60, 8))
    assert broken.failure == "failed: ValueError: no such thing"


def test_a_peak_between_two_looks_at_the_memory_ends_a_contender_too():
    told = "".join(
        f"print(json.dumps({{'step': {step!r}, 'seconds': 1.0, 'megabytes': {megabytes}}}));"
        for step, megabytes in (("read", 900), ("fit", 1025), ("write", 700))
    )
    outcome = run_bounded([sys.executable, "-c", f"import json; {told} print('{{\"centers\": []}}')"], Bounds(60, 1))
    assert outcome.failure == "did not fit in 1 GB"
    assert [step["step"] for step in outcome.steps] == ["read"]
    assert outcome.found == {}


@pytest.mark.parametrize(
    ("program", "reason"),
    [
        ("raise MemoryError", "ran out of memory"),
        ("import numpy; numpy.empty(2**57)", "ran out of memory"),
        (
            "import duckdb; duckdb.execute(\"set memory_limit = '5MB'; set temp_directory = ''; "
            'create table t as select range, hash(range) from range(10000000)")',
            "ran out of memory",
        ),
        ("import os; os.kill(os.getpid(), 9)", "ended by the system, which does that where memory runs out"),
        (
            "import duckdb; duckdb.execute('from missing')",
            "failed: _duckdb.CatalogException: Catalog Error: Table with name missing does not exist!",
        ),
    ],
)
def test_the_reason_of_a_failure_is_plain(program, reason):
    assert run_bounded([sys.executable, "-c", program], Bounds(60, 8)).failure == reason


def test_the_table_of_little_memory_says_who_came_to_the_end_and_how_far_the_others_came():
    task = {"customers": 1000, "kind": MAIN_KIND, "failure": None, "inertia": None, "steps": []}
    read = {"step": "read", "seconds": 1.0, "megabytes": 700.0}
    estimate = {"step": "write", "seconds": 2.0, "megabytes": 900.0}
    capped = [
        task | {"contender": "faiss_all", "steps": [read], "failure": "did not fit in 1 GB"},
        task
        | {"contender": "faiss_sample", "steps": [read, estimate], "estimate": 20.0, "fits": 9, "starts_of_fit": 10},
        task | {"contender": "intelex", "failure": "did not fit in 1 GB"},
        task | {"contender": "this project", "steps": [read], "inertia": 5.0},
        task | {"contender": "clever_user", "failure": "not installed"},
    ]
    table = tables({"machine": {}, "speed": [], "quality": [], "capped": capped})["capped"]
    assert table.replace(NOTHING, "-").splitlines()[2:] == [
        "| 1,000 | this project | yes | 1.00 | 700 | 1.0000 |",
        "| 1,000 | scikit-learn-intelex KMeans | no: did not fit in 1 GB, in the first step | - | - | - |",
        f"| 1,000 | {LABELS['clever_user']} | not installed | - | - | - |",
        f"| 1,000 | {LABELS['faiss_sample']} | yes | ≈ 23 (9 fits of 10 starts) | 900 | - |",
        "| 1,000 | faiss, all customers | no: did not fit in 1 GB, after the step 'read' | - | 700 | - |",
    ]


def test_the_clever_user_sweeps_a_sample_and_fits_everybody_once(few_customers, monkeypatch):
    pytest.importorskip("sklearnex")
    monkeypatch.setattr(peers, "SAMPLE_ROWS", 500)
    log = SlowLog()
    peers.clever_user(peers.Task(few_customers, (2, 6), 2, 6, 1), log)
    assert [step["step"] for step in log.steps] == ["read", "sweep", "fit of all", "write"]
    result = {"failure": None, "steps": log.steps, **log.told}
    assert seconds(result) == (4.0, False)
    centers = log.told["centers"]
    best = SlowLog()
    peers.scikit_learn(peers.Task(few_customers, [6], 10, 6, 1000), best)
    assert inertia(few_customers, centers) < 1.1 * inertia(few_customers, best.told["centers"])
    assert _labels(few_customers) == [(2000, 5)]


def test_scikit_learn_intelex_is_accelerated_and_reaches_what_scikit_learn_reaches(few_customers, caplog):
    pytest.importorskip("sklearnex")
    from sklearnex.cluster import KMeans as FastKMeans

    log = SlowLog()
    with caplog.at_level(logging.INFO, "sklearnex"):
        peers.intelex(peers.Task(few_customers, (2, 6), 2, 6, 1000), log)
    said = [record.getMessage() for record in caplog.records if "sklearn.cluster.KMeans" in record.getMessage()]
    assert len(said) >= 4  # the first fit, one for each k, and the clusters of all customers
    assert all("running accelerated version" in message for message in said)
    assert [step["step"] for step in log.steps] == ["read", "one fit", "sweep", "write"]
    assert _labels(few_customers) == [(2000, 5)]

    with duckdb.connect(str(few_customers)) as warehouse:
        columns = warehouse.execute(f"select {', '.join(FEATURES)} from customers order by customer_id").fetchnumpy()
    points = np.column_stack([columns[name] for name in FEATURES])
    own, fast = (kind(6, init=points[:6], n_init=1).fit(points) for kind in (KMeans, FastKMeans))
    assert fast.inertia_ == pytest.approx(own.inertia_, rel=1e-9)
    assert (fast.labels_ == own.labels_).all()


def _labels(database):
    with duckdb.connect(str(database)) as warehouse:
        return warehouse.execute("select count(distinct customer_id), max(cluster) from labels").fetchall()


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


@pytest.fixture
def far_group(tmp_path):
    generate(tmp_path / "far.duckdb", 200_000, FAR)
    return tmp_path / "far.duckdb"


def test_the_far_group_is_tiny_and_more_than_a_hundred_standard_deviations_away(far_group):
    with duckdb.connect(str(far_group)) as warehouse:
        for name in FEATURES:
            far, nearest, mean, deviation, largest = warehouse.execute(
                f"select count(*) filter ({name} > 1000), min({name}) filter ({name} > 1000), "
                f"avg({name}) filter ({name} < 1000), stddev_pop({name}) filter ({name} < 1000), "
                f"max({name}) filter ({name} < 1000) from customers"
            ).fetchone()
            assert far == 2
            assert 100 < (nearest - mean) / deviation < 150
            assert largest < 200


@pytest.mark.slow
def test_to_miss_the_far_group_costs_half_of_the_inertia_and_a_sample_misses_it(far_group):
    everybody = SlowLog()
    peers.scikit_learn(peers.Task(far_group, [6], 2, 6, 1000), everybody)
    reached = inertia(far_group, everybody.told["centers"])
    assert max(center[0] for center in everybody.told["centers"]) > 1000

    # six centres for the five groups, none for those far away: the best that a sample without them can find
    with duckdb.connect(str(far_group)) as warehouse:
        near = f"select {', '.join(FEATURES)} from customers where value_1 < 1000 and customer_id < 10000"
        points = np.column_stack(list(warehouse.execute(near).fetchnumpy().values()))
    missed = inertia(far_group, KMeans(6, n_init=2, random_state=1).fit(points).cluster_centers_)
    assert 1.4 < missed / reached < 1.8

    pytest.importorskip("sklearnex")
    clever = SlowLog()
    peers.clever_user(peers.Task(far_group, [6], 2, 6, 1000), clever)
    assert max(center[0] for center in clever.told["centers"]) < 1000
    assert inertia(far_group, clever.told["centers"]) == pytest.approx(missed, rel=0.02)


def test_this_project_comes_to_its_end_and_finds_the_far_group(far_group):
    ours.prepare(far_group, 6)
    steps = []
    centers = ours.fit_sweep(far_group, "customers", [6], 2, 6, steps.append)
    assert steps[-2:] == ["assignment", "silhouettes"]
    assert max(center[0] for center in centers) > 1000
    with duckdb.connect(str(far_group)) as warehouse:
        clusters = warehouse.execute("select count(*) from labels group by cluster_id order by 1").fetchall()
    assert len(clusters) == 6
    assert clusters[0] == (2,)


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
