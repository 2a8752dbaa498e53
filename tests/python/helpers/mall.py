"""The Mall Customers data and the reference optima, for tests of the library."""

import csv
import json

import numpy as np

from customer_segmentation.clustering.scaling import fit_scaler
from helpers.projects import ROOT

COLUMNS = ["Gender", "Age", "Annual Income (k$)", "Spending Score (1-100)"]
FEATURE_SETS = {
    "2D inc+spend": [2, 3],
    "2D age+spend": [1, 3],
    "3D age+inc+spend": [1, 2, 3],
    "4D gender+age+inc+spend": [0, 1, 2, 3],
}
SCALINGS = {"raw": "none", "std": "standard", "minmax": "min_max"}


def customers() -> np.ndarray:
    """Return gender (1 for male), age, income and score, shape (200, 4)."""
    with (ROOT / "seeds/raw/mall_customers.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return np.array([[row["Gender"] == "Male", *(float(row[column]) for column in COLUMNS[1:])] for row in rows])


def reference_optima() -> list[dict]:
    """Return the best known optimum for each feature set, scaling and k."""
    return json.loads((ROOT / "tests/python/helpers/reference/mall_reference_metrics.json").read_text(encoding="utf-8"))


def scaled(feature_set: str, scaling: str) -> np.ndarray:
    """Return the customers with these features, scaled as the reference scales them."""
    points = customers()[:, FEATURE_SETS[feature_set]]
    center, scale = fit_scaler(points, SCALINGS[scaling], np.ones(points.shape[1]))
    return (points - center) / scale
