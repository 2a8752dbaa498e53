import numpy as np
import pandas as pd
import pytest

from customer_segmentation.personas.alternatives import ALTERNATIVE_CLUSTERS, alternative_clusters
from customer_segmentation.personas.matching import match_personas


def fitted(k: int, segmentation: str = "s") -> pd.DataFrame:
    """Return a model of two features; only what does not depend on the cluster is looked at."""
    rows = [
        {
            "segmentation": segmentation, "dataset": "d", "k": k, "cluster_id": cluster, "position": position,
            "feature": feature, "scaler_center": center, "scaler_scale": scale, "scaled_deviation": 1.0,
        }
        for cluster in range(1, k + 1)
        for position, (feature, center, scale) in enumerate((("age", 40.0, 10.0), ("income", 100.0, 50.0)), start=1)
    ]  # fmt: skip
    return pd.DataFrame(rows)


def compared(*centers: list[float], segmentation: str = "s") -> pd.DataFrame:
    """Return the comparison of numbers of segments by the centres that it found."""
    numbers = [len(one) // 2 for one in centers]
    return pd.DataFrame({"segmentation": segmentation, "k": numbers, "centers": [np.array(one) for one in centers]})


def prototypes(**ages: float) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "segmentation": "s", "persona": list(ages), "priority": range(1, len(ages) + 1), "position": 1,
            "model_value": list(ages.values()), "weight": 1.0, "open_end": 0,
        }
    )  # fmt: skip


TWO, THREE = [30.0, 50.0, 60.0, 200.0], [20.0, 100.0, 40.0, 100.0, 60.0, 100.0]
FOUR = [20.0, 100.0, 40.0, 100.0, 60.0, 100.0, 60.0, 300.0]


def test_one_fewer_and_one_more_are_taken_from_the_comparison_in_the_units_of_the_model():
    found = alternative_clusters(compared(TWO, THREE, FOUR), fitted(3), prototypes(young=30.0))
    assert list(found) == list(ALTERNATIVE_CLUSTERS)
    assert found.groupby("k")["cluster_id"].nunique().to_dict() == {2: 2, 4: 4}
    two = found[found["k"] == 2]
    assert two[["cluster_id", "feature", "scaled_centroid"]].to_numpy().tolist() == [
        [1, "age", -1.0], [1, "income", -1.0], [2, "age", 2.0], [2, "income", 2.0],
    ]  # fmt: skip


def test_personas_are_those_of_the_rule_in_use():
    personas = prototypes(young=20.0, middle=42.0, old=60.0)
    found = alternative_clusters(compared(TWO, FOUR), fitted(3), personas).drop_duplicates(["k", "cluster_id"])
    four = found[found["k"] == 4]
    assert four["persona"].fillna("").tolist() == ["young", "middle", "old", ""]
    assert four["match_distance"].tolist() == [0.0, pytest.approx(0.2), 0.0, pytest.approx(np.nan, nan_ok=True)]
    every = alternative_clusters(compared(FOUR), fitted(3), personas).merge(
        fitted(3)[["position", "scaled_deviation"]].drop_duplicates(), on="position"
    )
    again = match_personas(personas, every.drop(columns=["persona", "match_distance"]))
    assert dict(zip(again["cluster_id"], again["persona"], strict=True)) == {1: "young", 2: "middle", 3: "old"}
    # of three personas, one has no cluster among two
    assert found[found["k"] == 2]["persona"].nunique() == 2


def test_numbers_that_were_not_compared_have_no_row():
    assert alternative_clusters(compared(THREE, FOUR), fitted(3), prototypes(young=20.0))["k"].unique().tolist() == [4]
    nothing = alternative_clusters(compared(THREE), fitted(3), prototypes(young=20.0))
    assert (list(nothing), len(nothing)) == (list(ALTERNATIVE_CLUSTERS), 0)
    assert alternative_clusters(compared(TWO, segmentation="t"), fitted(3), prototypes(young=20.0)).empty


def test_without_personas_no_cluster_has_one():
    found = alternative_clusters(compared(TWO), fitted(3), prototypes(young=20.0).head(0))
    assert len(found) == 4
    assert found["persona"].isna().all()
