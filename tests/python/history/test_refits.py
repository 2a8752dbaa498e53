"""Whether a segmentation is fitted again, and which of two models is used."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import adjusted_rand_score

from customer_segmentation.clustering.fitting import FITTED_CLUSTERS
from customer_segmentation.errors import InputError
from customer_segmentation.history.refits import compare_models, decide_refits, largest_centre_shift, plan_refits

FEATURES = pd.DataFrame(
    [("s", 1, "age", "none", 1.0), ("s", 2, "income", "none", 1.0)],
    columns=["segmentation", "position", "feature", "transform", "weight"],
)
ASKED = {
    "segmentation": "s", "dataset": "d", "scaling": "standard", "initialisation": "best_of_starts", "k": 2, "is_auto": False,
}  # fmt: skip


def model(version="then", centres=((0.0, 0.0), (1.0, 1.0)), **changes) -> pd.DataFrame:
    """A model with a feature per column of the centres, in standard deviations."""
    rows = [
        ASKED
        | {
            "model_version": version, "cluster_id": cluster, "position": position, "feature": feature, "transform": "none",
            "weight": 1.0, "scaler_center": 0.0, "scaler_scale": 1.0, "scaled_centroid": value, "scaled_deviation": 1.0,
        }
        for cluster, centre in enumerate(centres, start=1)
        for position, (feature, value) in enumerate(zip(("age", "income"), centre, strict=True), start=1)
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(FITTED_CLUSTERS)).assign(**changes)


def champion(origin="history", **changes) -> pd.DataFrame:
    return model(**changes).assign(origin=origin)


def plan(
    champions, refit="always", *, drift=(), activated=(), has_history=True, move_limit=0.1, **asked
) -> pd.DataFrame:
    return plan_refits(
        pd.DataFrame([ASKED | asked]),
        pd.DataFrame({"segmentation": ["s"], "refit": [refit], "move_limit": [move_limit]}),
        FEATURES,
        champions,
        pd.DataFrame({"segmentation": ["s"] * len(activated), "model_version": list(activated)}),
        pd.DataFrame({"segmentation": ["s"] * len(drift), "drift": list(drift)}),
        has_history=has_history,
    )


def is_fitted(*arguments, **settings) -> bool:
    return bool(plan(*arguments, **settings)["is_fitted"].iloc[0])


def overlaps(shared: dict[tuple[int, int], int]) -> pd.DataFrame:
    """Customers by cluster of the champion and of the challenger."""
    return pd.DataFrame(
        [
            ("s", before, after, customers, 2.0 * customers, 1.0 * customers)
            for (before, after), customers in shared.items()
        ],
        columns=["segmentation", "champion_cluster_id", "cluster_id", "customers", "champion_inertia", "inertia"],
    )


def decide(plans, champions, challengers, shared=None):
    [decision] = decide_refits(plans, champions, challengers, overlaps(shared or {}), new_below=0.5).itertuples()
    return decision


@pytest.mark.parametrize("refit", ["always", "when_drifted", "never"])
def test_a_segmentation_without_a_model_is_fitted(refit):
    plans = plan(champion()[:0], refit)
    assert plans["is_fitted"].tolist() == [True]
    assert decide(plans, champion()[:0], model("now")).decision == "first"


@pytest.mark.parametrize(
    ("refit", "drift", "fitted"),
    [
        ("always", [], True),
        ("never", ["large"], False),
        ("when_drifted", ["none", "small"], False),
        ("when_drifted", ["none", "medium"], True),
        ("when_drifted", ["large"], True),
    ],
)
def test_the_policy_decides_whether_a_model_is_fitted_again(refit, drift, fitted):
    assert is_fitted(champion(), refit, drift=drift) == fitted


def test_a_model_that_is_kept_is_used():
    decision = decide(plan(champion(), "never"), champion(), model("now")[:0])
    assert (decision.decision, decision.model_version, decision.challenger_version) == ("kept", "then", None)


def test_without_a_history_there_is_no_drift_and_no_model_to_compare_with():
    plans = plan(champion()[:0], "when_drifted", has_history=False)
    assert plans["reason"].tolist() == ["no history keeps its model"]


def test_the_seeds_may_ask_for_another_model():
    plans = plan(champion(), k=3)
    assert plans["reason"].tolist() == ["the seeds ask for another model: k is 3, was 2"]
    # it is accepted, however many customers it moves
    decision = decide(plans, champion(), model("now"), {(1, 1): 50, (1, 2): 50, (2, 2): 50})
    assert (decision.decision, decision.model_version) == ("accepted", "now")
    # or cannot be compared, because the features are others
    assert decide(plans, champion(), model("now")).decision == "accepted"


@pytest.mark.parametrize(("champions", "refit"), [(champion(), "never"), (champion("activated"), "always")])
def test_a_model_to_keep_must_be_the_one_that_the_seeds_ask_for(champions, refit):
    with pytest.raises(InputError, match=r"segmentation 's': k is 3, was 2\. Undo this in seeds/judgement"):
        plan(champions, refit, k=3)


def test_an_activated_model_is_used_whatever_the_policy():
    plans = plan(champion("activated"), activated=["then"])
    assert plans["is_fitted"].tolist() == [False]
    assert decide(plans, champion("activated"), model("now")[:0]).decision == "activated"


def test_an_activated_model_that_is_nowhere_stops():
    with pytest.raises(InputError, match="The activated model lost of 's' is not in the history"):
        plan(champion(), activated=["lost"])


@pytest.mark.parametrize(
    ("moved", "decision", "used"), [(0, "accepted", "now"), (10, "accepted", "now"), (11, "waiting", "then")]
)
def test_a_new_fit_that_moves_more_than_the_limit_waits(moved, decision, used):
    found = decide(plan(champion()), champion(), model("now"), {(1, 1): 50, (1, 2): moved, (2, 2): 50 - moved})
    assert (found.decision, found.model_version, found.customers_moved) == (decision, used, moved)
    assert f"it would move {moved} of 100 customers ({moved} %), " in found.reason


def test_the_same_fit_again_is_no_proposal():
    assert decide(plan(champion()), champion(), model("then")).decision == "same model"


def test_figures_of_a_comparison():
    shared = {(1, 1): 40, (1, 2): 10, (2, 2): 30, (3, 1): 5, (3, 2): 15}
    before, after = model(centres=[(0, 0), (1, 1), (9, 9)]), model("now", centres=[(0, 0.5), (1, 1)])
    found = compare_models(before, after, overlaps(shared).drop(columns="segmentation"), new_below=0.5)
    labels = np.repeat(list(shared), list(shared.values()), axis=0)
    assert found["adjusted_rand_index"] == pytest.approx(adjusted_rand_score(labels[:, 0], labels[:, 1]))
    assert (found["customers"], found["customers_moved"], found["dissolved_segments"]) == (100, 30, 1)
    assert (found["champion_inertia"], found["challenger_inertia"]) == (200, 100)
    assert found["largest_centre_shift"] == pytest.approx(0.5)


def test_centres_are_compared_in_standard_deviations_of_the_later_fit():
    before = model(centres=[(10.0, 0.0)])
    after = model("now", centres=[(7.0, 0.0)], scaler_center=5.0, scaler_scale=2.0, scaled_deviation=3.0)
    # 10 against 5 + 2 * 7 = 19, at a deviation of 2 * 3 = 6
    assert largest_centre_shift(before, after, {1: 1}) == pytest.approx(1.5)
    assert largest_centre_shift(before, after, {}) is None


def test_the_order_of_overlaps_changes_no_digit_of_an_inertia():
    shared = overlaps({(1, 1): 40, (1, 2): 10, (2, 2): 30}).drop(columns="segmentation")
    shared["inertia"], shared["champion_inertia"] = [0.1, 0.2, 0.3], [1e16, 1.0, -1e16]
    before, after = model(), model("now")
    found = [compare_models(before, after, rows, new_below=0.5) for rows in (shared, shared[::-1])]
    assert {one["challenger_inertia"] for one in found} == {0.6}
    assert {one["champion_inertia"] for one in found} == {1.0}
