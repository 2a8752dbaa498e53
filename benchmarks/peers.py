"""What a user would do instead: read the table, standardise, sweep k with a library, write every customer's cluster.

Each contender runs in a process of its own (`scale_contender.py`). Before the sweep it fits the chosen k once and tells
how long the sweep takes if every fit takes as long: the mean of k from 2 to 10 is 6. Where that is too long, it makes
all starts of the chosen k if there is time, so that the inertia compares, and the sweep remains an estimate. Loading
libraries and starting Java counts for nobody.
"""

import os
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
from bounded import Log
from ours import MEMORY_LIMIT
from scale_data import FEATURES, TABLE, scales

SEED = 1
SAMPLE_ROWS = 10_000  # of the clever user's sweep
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


def intelex(task: Task, log: Log) -> None:
    """Fit all customers with KMeans of scikit-learn-intelex, in single precision, which halves the memory."""
    from sklearnex.cluster import KMeans

    def fit(points, k, starts):
        model = KMeans(k, n_init=starts, random_state=SEED).fit(points)
        return model.cluster_centers_, model.predict

    _in_memory(task, log, fit, np.float32)


def clever_user(task: Task, log: Log) -> None:
    """Sweep a sample with scikit-learn, then fit all customers once with scikit-learn-intelex from the centres found.

    There is nothing to estimate: neither the sample nor the one fit grows into a sweep of all customers.
    """
    from sklearn.cluster import KMeans
    from sklearnex.cluster import KMeans as FastKMeans

    log.begin()
    customers, points, mean_and_deviation = _read(task.database, np.float32)
    log.finished("read")
    drawn = np.random.default_rng(SEED).choice(len(points), min(SAMPLE_ROWS, len(points)), replace=False)
    sample = points[drawn]
    fits = {k: KMeans(k, n_init=task.starts, random_state=SEED).fit(sample) for k in task.ks}
    log.finished("sweep")
    model = FastKMeans(task.chosen, init=fits[task.chosen].cluster_centers_, n_init=1).fit(points)
    log.finished("fit of all")
    _write(task.database, customers, model.labels_)
    log.finished("write")
    log.found(centers=_in_units_of_table(model.cluster_centers_, mean_and_deviation))


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

        def start(points, k, seed):
            return KMeans(k=k, seed=seed, initMode="k-means||", maxIter=20).fit(points)

        def fit(k, starts):
            models = [start(points, k, seed) for seed in range(SEED, SEED + starts)]
            best = min(models, key=lambda model: model.summary.trainingCost)
            return best.clusterCenters(), best.transform

        def finished(step):
            return log.finished(step, _peak_megabytes_of(java))

        few = session.createDataFrame([[float(row)] * len(FEATURES) for row in range(100)], list(FEATURES))
        start(assembler.transform(few), 2, SEED)  # the first fit loads classes for seconds
        log.begin()

        file = f"{folder}/customers.parquet"
        mean_and_deviation = _export(task.database, file)
        points = assembler.transform(session.read.parquet(file)).select("customer_id", "features").cache()
        points.count()
        finished("read")
        assign = _fit_in_time(task, log, fit, finished, mean_and_deviation)
        assign(points).select("customer_id", "prediction").write.parquet(f"{folder}/labels")
        finished("write")
        session.stop()


def _in_memory(task: Task, log: Log, fit: Callable, kind: type = np.float64, first_starts: int = 1) -> None:
    """Sweep with a library that wants all customers as one array."""
    log.begin()
    customers, points, mean_and_deviation = _read(task.database, kind)
    log.finished("read")
    predict = _fit_in_time(
        task, log, lambda k, starts: fit(points, k, starts), log.finished, mean_and_deviation, first_starts
    )
    _write(task.database, customers, predict(points))
    log.finished("write")


def _faiss(task, log, options):
    import faiss

    def fit(points, k, starts):
        model = faiss.Kmeans(points.shape[1], k, nredo=starts, seed=SEED, **options)
        model.train(points)
        return model.centroids, lambda rows: model.index.search(rows, 1)[1].ravel()

    _in_memory(task, log, fit, np.float32)  # it takes no other


def _fit_in_time(
    task: Task, log: Log, fit: Callable, finished: Callable, mean_and_deviation: list, first_starts: int = 1
) -> Callable:
    """Sweep if that leaves time for reading and writing, or fit the chosen k alone; return what assigns customers.

    Parameters
    ----------
    task : Task
        What to do.
    log : Log
        Where to tell it.
    fit : callable
        Takes k and a number of starts; returns centres and a function that assigns.
    finished : callable
        Takes the name of a step, tells its end and returns its seconds.
    mean_and_deviation : list
        What the features were standardised with.
    first_starts : int
        Starts of the first fit.

    Returns
    -------
    callable
        The function that `fit` returned with the last centres of the chosen k.
    """

    def tell(centers):
        log.found(centers=_in_units_of_table(centers, mean_and_deviation))
        log.begin()

    centers, assign = fit(task.chosen, first_starts)
    one_fit = finished("one fit")
    fits = len(task.ks) * task.starts // first_starts
    log.found(estimate=one_fit * fits, fits=fits, starts_of_fit=first_starts)
    tell(centers)
    if one_fit * fits < task.seconds / 2:
        for k in task.ks:
            found = fit(k, task.starts)
            if k == task.chosen:
                centers, assign = found
        finished("sweep")
        tell(centers)
    elif first_starts < task.starts and one_fit * task.starts < task.seconds / 2:
        centers, assign = fit(task.chosen, task.starts)
        all_starts = finished("all starts")
        log.found(estimate=all_starts * len(task.ks), fits=len(task.ks), starts_of_fit=task.starts)
        tell(centers)
    return assign


def _read(database, kind):
    """Read the standardised customers one column after the other, which takes less memory than all at once."""
    with duckdb.connect(str(database), read_only=True, config={"memory_limit": MEMORY_LIMIT}) as warehouse:
        mean_and_deviation = scales(warehouse)
        customers = warehouse.execute(f"select customer_id from {TABLE}").fetchnumpy()["customer_id"]
        points = np.empty((len(customers), len(FEATURES)), kind)
        sql_type = "float" if kind is np.float32 else "double"
        for position, value in enumerate(_standardised(mean_and_deviation)):
            column = warehouse.execute(f"select ({value})::{sql_type} as value from {TABLE}").fetchnumpy()
            points[:, position] = column["value"]
    return customers, points, mean_and_deviation


def _write(database, customers, labels):
    with duckdb.connect(str(database), config={"memory_limit": MEMORY_LIMIT}) as warehouse:
        warehouse.register("found", {"customer_id": customers, "cluster": labels})
        warehouse.execute("create or replace table labels as select * from found")


def _export(database, file):
    """Write the standardised customers for an engine that reads files."""
    with duckdb.connect(str(database), read_only=True) as warehouse:
        mean_and_deviation = scales(warehouse)
        values = zip(_standardised(mean_and_deviation), FEATURES, strict=True)
        columns = ", ".join(f"{value} as {name}" for value, name in values)
        warehouse.execute(f"copy (select customer_id, {columns} from {TABLE}) to '{file}' (format parquet)")
    return mean_and_deviation


def _standardised(mean_and_deviation) -> list[str]:
    """Return every feature minus its mean, divided by its standard deviation, as SQL."""
    return [
        f"({name} - {mean!r}::double) / {deviation!r}::double"
        for name, (mean, deviation) in zip(FEATURES, mean_and_deviation, strict=True)
    ]


def _in_units_of_table(centers, mean_and_deviation) -> list[list[float]]:
    mean, deviation = np.transpose(mean_and_deviation)
    return (np.asarray(centers, dtype=float) * deviation + mean).tolist()


def _peak_megabytes_of(process) -> float:
    """Return the peak of the resident memory of another process since its start; 0 where the system does not tell."""
    status = Path(f"/proc/{process.pid}/status")
    if not status.is_file():
        return 0.0
    return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM:")) / 1024
