"""What a user would do instead: read the table, standardise, sweep k with a library, write every customer's cluster.

Each contender runs in a process of its own (`scale_contender.py`). Before the sweep it fits the chosen k once and tells
how long the sweep takes if every fit takes as long: the mean of k from 2 to 10 is 6. Where that is too long, this fit
and this estimate are what there is. Loading libraries and starting Java counts for nobody.
"""

import os
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
from bounded import Log
from scale_data import FEATURES, TABLE, scales

SEED = 1
SPARK_GIGABYTES = 8  # heap; Java fills much of what it gets before it tidies up


@dataclass(frozen=True)
class Task:
    """What every contender has to do.

    Attributes
    ----------
    database : Path
        Database with the table of customers.
    ks : sequence of int
        Numbers of clusters to fit.
    starts : int
        Starts of each.
    chosen : int
        The number of clusters whose centres are judged, and written as every customer's cluster.
    seconds : float
        Wall-clock time that the contender has; a sweep that would take longer is not begun.
    """

    database: Path
    ks: Sequence[int]
    starts: int
    chosen: int
    seconds: float


def scikit_learn(task: Task, log: Log) -> None:
    """Fit all customers with KMeans of scikit-learn."""
    from sklearn.cluster import KMeans

    def fit(points, k, starts):
        model = KMeans(k, n_init=starts, random_state=SEED).fit(points)
        return model.cluster_centers_, model.predict

    _in_memory(task, log, fit)


def mini_batch(task: Task, log: Log) -> None:
    """Fit batches of 1,024 customers with MiniBatchKMeans of scikit-learn."""
    from sklearn.cluster import MiniBatchKMeans

    def fit(points, k, starts):
        model = MiniBatchKMeans(k, n_init=starts, random_state=SEED).fit(points)
        return model.cluster_centers_, model.predict

    # It weighs its starts on a few thousand customers and goes on with the best: ten cost little more than one.
    _in_memory(task, log, fit, first_starts=task.starts)


def faiss_sample(task: Task, log: Log) -> None:
    """Fit with faiss as it is set: a sample of 256 customers per cluster, 25 iterations."""
    _faiss(task, log, {})


def faiss_all(task: Task, log: Log) -> None:
    """Fit all customers with faiss, 25 iterations."""
    _faiss(task, log, {"max_points_per_centroid": 2**31 - 1})


def spark(task: Task, log: Log) -> None:
    """Fit all customers with KMeans of Spark on all cores: 20 iterations, starts one after the other."""
    from pyspark.ml.clustering import KMeans
    from pyspark.ml.feature import VectorAssembler
    from pyspark.sql import SparkSession

    with tempfile.TemporaryDirectory() as folder:
        session = (
            SparkSession.builder.master(f"local[{os.cpu_count()}]")
            .config("spark.driver.memory", f"{SPARK_GIGABYTES}g")
            .config("spark.local.dir", folder)
            .config("spark.ui.enabled", "false")
            .config("spark.log.level", "ERROR")
            .getOrCreate()
        )
        java = session.sparkContext._gateway.proc
        assembler = VectorAssembler(inputCols=list(FEATURES), outputCol="features")

        def fit(points, k, seed):
            return KMeans(k=k, seed=seed, initMode="k-means||", maxIter=20).fit(points)

        def cost(model):
            return model.summary.trainingCost

        few = session.createDataFrame([[float(row)] * len(FEATURES) for row in range(100)], list(FEATURES))
        fit(assembler.transform(few), 2, SEED)  # the first fit loads classes for seconds
        log.begin()

        file = f"{folder}/customers.parquet"
        mean_and_deviation = _export(task.database, file)
        points = assembler.transform(session.read.parquet(file)).select("customer_id", "features").cache()
        points.count()
        _finished_with_java(log, "read", java)

        best = fit(points, task.chosen, SEED)
        sweep_fits = _tell_one_fit(task, log, _finished_with_java(log, "one fit", java), 1)
        log.found(centers=_in_units_of_table(best.clusterCenters(), mean_and_deviation))
        if sweep_fits:
            log.begin()
            for k in task.ks:
                fits = [fit(points, k, seed) for seed in range(SEED, SEED + task.starts)]
                if k == task.chosen:
                    best = min(fits, key=cost)
            _finished_with_java(log, "sweep", java)
            log.found(centers=_in_units_of_table(best.clusterCenters(), mean_and_deviation))
        log.begin()
        best.transform(points).select("customer_id", "prediction").write.parquet(f"{folder}/labels")
        _finished_with_java(log, "write", java)
        session.stop()


def _in_memory(task: Task, log: Log, fit: Callable, kind: type = np.float64, first_starts: int = 1) -> None:
    """Sweep with a library that wants all customers as one array."""
    log.begin()
    customers, points, mean_and_deviation = _read(task.database, kind)
    log.finished("read")
    centers, predict = fit(points, task.chosen, first_starts)
    sweep_fits = _tell_one_fit(task, log, log.finished("one fit"), first_starts)
    log.found(centers=_in_units_of_table(centers, mean_and_deviation))
    if sweep_fits:
        log.begin()
        for k in task.ks:
            found = fit(points, k, task.starts)
            if k == task.chosen:
                centers, predict = found
        log.finished("sweep")
        log.found(centers=_in_units_of_table(centers, mean_and_deviation))
    log.begin()
    _write(task.database, customers, predict(points))
    log.finished("write")


def _faiss(task, log, options):
    import faiss

    def fit(points, k, starts):
        model = faiss.Kmeans(points.shape[1], k, nredo=starts, seed=SEED, **options)
        model.train(points)
        return model.centroids, lambda rows: model.index.search(rows, 1)[1].ravel()

    _in_memory(task, log, fit, np.float32)  # it takes no other


def _tell_one_fit(task: Task, log: Log, seconds: float, starts: int) -> bool:
    """Tell what the sweep takes if all fits are like this one; say whether that leaves time for reading and writing."""
    fits = len(task.ks) * task.starts // starts
    log.found(estimate=seconds * fits, fits=fits)
    return seconds * fits < task.seconds / 2


def _read(database, kind):
    with duckdb.connect(str(database), read_only=True) as warehouse:
        columns = warehouse.execute(f"select customer_id, {', '.join(FEATURES)} from {TABLE}").fetchnumpy()
        mean_and_deviation = scales(warehouse)
    customers = columns.pop("customer_id")
    points = np.empty((len(customers), len(FEATURES)), kind)
    for position, (name, (mean, deviation)) in enumerate(zip(FEATURES, mean_and_deviation, strict=True)):
        points[:, position] = (columns.pop(name) - mean) / deviation
    return customers, points, mean_and_deviation


def _write(database, customers, labels):
    with duckdb.connect(str(database)) as warehouse:
        warehouse.register("found", {"customer_id": customers, "cluster": labels})
        warehouse.execute("create or replace table labels as select * from found")


def _export(database, file):
    """Write the standardised customers for an engine that reads files."""
    with duckdb.connect(str(database), read_only=True) as warehouse:
        mean_and_deviation = scales(warehouse)
        standardised = ", ".join(
            f"({name} - {mean!r}::double) / {deviation!r}::double as {name}"
            for name, (mean, deviation) in zip(FEATURES, mean_and_deviation, strict=True)
        )
        warehouse.execute(f"copy (select customer_id, {standardised} from {TABLE}) to '{file}' (format parquet)")
    return mean_and_deviation


def _in_units_of_table(centers, mean_and_deviation) -> list[list[float]]:
    mean, deviation = np.transpose(mean_and_deviation)
    return (np.asarray(centers, dtype=float) * deviation + mean).tolist()


def _finished_with_java(log, step, java) -> float:
    """Tell the end of a step with the peak of Java's memory, which is that since its start."""
    status = Path(f"/proc/{java.pid}/status")
    peak = 0
    if status.is_file():
        peak = next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
    return log.finished(step, peak / 1024)
