import pandas as pd
import pytest

from customer_segmentation.clustering.fitting import FITTED_CLUSTERS
from customer_segmentation.clustering.stored_models import model_differences

FEATURES = pd.DataFrame(
    [("s", 1, "age", "none", 1.0), ("s", 2, "income", "log", 2.0)],
    columns=["segmentation", "position", "feature", "transform", "weight"],
)


def wanted(**changes):
    row = {"dataset": "d", "scaling": "standard", "initialisation": "personas", "k": 2, "is_auto": False}
    return pd.Series(row | changes, dtype=object)


def stored():
    rows = [
        wanted().to_dict() | feature._asdict() | {"cluster_id": cluster, "model_version": "v"}
        for cluster in (1, 2)
        for feature in FEATURES.itertuples(index=False)
    ]
    return pd.DataFrame(rows, columns=list(FITTED_CLUSTERS))


def test_the_model_that_the_seeds_ask_for_has_no_differences():
    assert model_differences(stored(), wanted(), FEATURES[::-1]) == []


def test_the_number_that_was_once_recommended_stays():
    assert model_differences(stored(), wanted(k=5, is_auto=True), FEATURES) == []
    assert model_differences(stored(), wanted(k=None, is_auto=True), FEATURES) == []


@pytest.mark.parametrize("changes", [{}, {"k": 9}])
def test_a_model_that_fell_back_is_the_one_that_was_asked_for(changes):
    fallen_back = stored().assign(initialisation="best_of_starts", fallback="the data allow no other")
    assert model_differences(fallen_back, wanted(**changes), FEATURES) == []
    assert model_differences(fallen_back, wanted(k=1), FEATURES) == ["k is 1, was 2"]


@pytest.mark.parametrize(
    ("changes", "difference"),
    [
        ({"k": 3}, "k is 3, was 2"),
        ({"scaling": "min_max"}, "scaling is min_max, was standard"),
        ({"initialisation": "best_of_starts"}, "initialisation is best_of_starts, was personas"),
        ({"dataset": "e"}, "dataset is e, was d"),
    ],
)
def test_what_the_seeds_have_otherwise_is_named(changes, difference):
    assert model_differences(stored(), wanted(**changes), FEATURES) == [difference]


@pytest.mark.parametrize(
    ("column", "values", "described"),
    [
        ("feature", ["age", "score"], "age (none, weight 1), score (log, weight 2)"),
        ("transform", ["none", "none"], "age (none, weight 1), income (none, weight 2)"),
        ("weight", [1.0, 1.5], "age (none, weight 1), income (log, weight 1.5)"),
        ("position", [2, 1], "income (log, weight 2), age (none, weight 1)"),
    ],
)
def test_other_features_are_named(column, values, described):
    assert model_differences(stored(), wanted(), FEATURES.assign(**{column: values})) == [
        f"its features are {described}, were age (none, weight 1), income (log, weight 2)"
    ]


def test_a_feature_less_is_another_model():
    [difference] = model_differences(stored(), wanted(), FEATURES[:1])
    assert difference.startswith("its features are age (none, weight 1), were")
