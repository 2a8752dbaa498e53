import pandas as pd
import pytest

from customer_segmentation.evidence.published_results import check_published_results
from helpers import mall


def result(**changes):
    claim = {
        "result_id": "r",
        "dataset": "mall",
        "feature_set": "income_spending",
        "scaling": "none",
        "k": 5,
        "figure": "inertia",
        "published_value": 44448.4554,
        "tolerance": 0.0001,
        "actual_feature_set": None,
    }
    return pd.DataFrame([claim | changes])


@pytest.fixture(scope="module")
def values():
    frame = pd.DataFrame(mall.customers(), columns=["is_man", "age", "annual_income_k", "spending_score"])
    frame = frame.assign(is_woman=1 - frame["is_man"], dataset="mall", customer_id=range(len(frame)))
    return frame.melt(["dataset", "customer_id"], var_name="feature")


@pytest.mark.parametrize(
    ("changes", "verdict", "nearest"),
    [
        ({}, "confirmed", 44448.4554),
        ({"published_value": 44454.4765}, "local optimum", 44454.4765),
        ({"published_value": 40000.0}, "error", 44448.4554),
        ({"figure": "silhouette", "published_value": 0.553932, "tolerance": 1e-6}, "confirmed", 0.553932),
        (
            {"feature_set": "age_income_spending", "k": 6, "published_value": 58348.64, "tolerance": 0.005}
            | {"actual_feature_set": "gender_age_income_spending"},
            "error",
            58348.6414,
        ),
    ],
)
def test_a_figure_is_confirmed_a_local_optimum_or_an_error(values, changes, verdict, nearest):
    [found] = check_published_results(result(**changes), values, seed=0).to_dict("records")
    assert found["verdict"] == verdict
    assert found["nearest_value"] == pytest.approx(nearest, rel=1e-6)


def test_other_data_confirms_nothing(values):
    assert check_published_results(result(), values[:0], seed=0).empty
    assert check_published_results(result(dataset="another"), values, seed=0).empty
