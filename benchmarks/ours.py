"""The path of this project for many customers, as the benchmark calls it: SQL of its macros, fit of its library."""

import json
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import duckdb
import numpy as np
import sklearn.cluster  # noqa: F401 -- loading libraries is counted for nobody
import yaml
from measured import DBT, ROOT, copy_project
from scale_data import FEATURES

from customer_segmentation.clustering.distances import predict
from customer_segmentation.clustering.fitting import CORESET_TOLERANCE, SILHOUETTE_CUSTOMERS
from customer_segmentation.clustering.kmeans import canonical_order, fit_best, fit_each
from customer_segmentation.clustering.silhouette import mean_silhouette
from customer_segmentation.clustering.warehouse_lloyd import Customers, settle, squared_silhouette
from customer_segmentation.evidence import samples
from customer_segmentation.evidence.k_criteria import SEARCHED_ROWS

# The table is read again and again from the file; what is read need not be kept.
MEMORY_LIMIT = "300MB"
QUERIES = {
    "statistics": """
with {{{{ value_spread('scale', 'scale', {width}, '{schema}inputs') }}}}
select *, mean as scaler_center, standard_deviation as scaler_scale from scale_spread
""",
    "coreset": """
with {{{{ coreset('scale', {width}, '{schema}inputs', '{schema}statistics') }}}} select * from scale_coreset
""",
    "labels": """
{{% set shape = {{'segmentation': 'scale', 'dataset': 'scale', 'clusters': {chosen}, 'features': {width}}} %}}
with {{{{ nearest_clusters(shape, '{schema}inputs', '{schema}centroids') }}}}
select customer_id, cluster_id from scale_assigned
""",
}


@cache
def compiled(chosen: int, schema: str = "") -> dict[str, str]:
    """Return the SELECTs of the models for five features and so many clusters, as dbt compiles their macros.

    Parameters
    ----------
    chosen : int
        Number of clusters.
    schema : str
        What comes before the names of the tables they read, with its full stop.

    Returns
    -------
    dict of str to str
        `statistics`, `coreset` and `labels`.
    """
    queries = {query: sql.format(width=len(FEATURES), chosen=chosen, schema=schema) for query, sql in QUERIES.items()}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        copy_project(folder)
        for query, sql in queries.items():
            (folder / "analyses").mkdir(exist_ok=True)
            (folder / f"analyses/scale_{query}.sql").write_text(sql)
        command: list[str | Path] = [DBT, "--quiet", "compile", "--select", *(f"scale_{query}" for query in queries)]
        subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
        compiled_to = folder / "target/compiled/customer_segmentation/analyses"
        return {query: (compiled_to / f"scale_{query}.sql").read_text() for query in queries}


def prepare(database: Path, chosen: int) -> None:
    """Write the SQL that `fit_sweep` runs beside a database, so that compiling it is not measured.

    Parameters
    ----------
    database : Path
        Database with the customers.
    chosen : int
        Number of clusters that will be written.
    """
    database.with_suffix(".json").write_text(json.dumps(compiled(chosen)))


def fit_sweep(
    database: Path, table: str, ks: Sequence[int], starts: int, chosen: int, finished: Callable[[str], object]
) -> list[list[float]]:
    """Fit every number of clusters, choose one, and write every customer's cluster to the table `labels`.

    Parameters
    ----------
    database : Path
        Database with the table; `prepare` has been called for it.
    table : str
        Its name: `customer_id` and the features.
    ks : sequence of int
        Numbers of clusters to fit.
    starts : int
        Starts of each.
    chosen : int
        The number of clusters to write, one of `ks`.
    finished : callable
        To be called with the name of a step when it ends.

    Returns
    -------
    list of shape (chosen, n_features)
        The centres of the chosen number of clusters, in the units of the table.
    """
    sql = json.loads(database.with_suffix(".json").read_text())
    settings = yaml.safe_load((ROOT / "dbt_project.yml").read_text())["vars"]
    with duckdb.connect(str(database), config={"memory_limit": MEMORY_LIMIT}) as warehouse:
        warehouse.execute(f"create temp view inputs as select 'scale' as segmentation, * from {table}")
        warehouse.execute(f"create temp table statistics as {sql['statistics']}")
        finished("statistics")

        warehouse.execute(f"create temp table coreset as {sql['coreset']}")
        rows = warehouse.execute(f"select * from coreset order by {', '.join(FEATURES)}").fetchnumpy()
        statistics = warehouse.execute("select * from statistics order by position").fetchnumpy()
        mean, deviation = statistics["mean"], statistics["standard_deviation"]
        scaled = (np.column_stack([rows[feature] for feature in FEATURES]) - mean) / deviation
        finished("coreset")

        search = {"starts": starts, "seed": settings["random_seed"]}
        searched = samples.WeightedRows(scaled, rows["weight"], samples.CORESET).thinned(
            SEARCHED_ROWS, settings["random_seed"]
        )
        fit_each(searched.points, ks, weights=searched.weights, **search)
        finished("sweep")

        def query(text: str) -> list[tuple]:
            return warehouse.execute(f"with customers as (select * from {table}) {text}").fetchall()

        found = fit_best(scaled, chosen, weights=rows["weight"], tolerance=CORESET_TOLERANCE, **search)
        finished("fit")
        customers = Customers(query, mean, deviation, mean, deviation)
        fit = settle(
            customers,
            found.centers,
            tolerance=settings["pass_tolerance"],
            most_passes=settings["most_passes"],
        )
        finished("passes")

        order = canonical_order(
            fit.centers, (statistics["minimum"] - mean) / deviation, (statistics["maximum"] - mean) / deviation
        )
        centers = fit.centers[order]
        write_centroids(warehouse, "temp table", centers, mean, deviation)
        warehouse.execute(f"create or replace table labels as {sql['labels']}")
        finished("assignment")

        sample = scaled[rows["uniform_draw"] * statistics["customers"].max() < SILHOUETTE_CUSTOMERS]
        mean_silhouette(sample, predict(sample, centers))
        squared_silhouette(customers, fit)
        finished("silhouettes")
    return (centers * deviation + mean).tolist()


def write_centroids(
    warehouse: duckdb.DuckDBPyConnection, kind: str, centers: np.ndarray, mean: np.ndarray, deviation: np.ndarray
) -> None:
    """Write the table `centroids` that the assignment reads.

    Parameters
    ----------
    warehouse : DuckDBPyConnection
        Where to write it.
    kind : str
        `table` or `temp table`.
    centers : ndarray of shape (n_clusters, n_features)
        In standard deviations.
    mean, deviation : ndarray of shape (n_features,)
        Of the features.
    """
    warehouse.execute(
        f"create {kind} centroids (segmentation varchar, cluster_id integer, position integer, "
        "scaler_center double, scaler_scale double, scaled_centroid double, model_version varchar)"
    )
    warehouse.executemany(
        "insert into centroids values ('scale', ?, ?, ?, ?, ?, 'scale')",
        [
            (cluster + 1, position + 1, float(mean[position]), float(deviation[position]), float(value))
            for cluster, center in enumerate(centers)
            for position, value in enumerate(center)
        ],
    )
