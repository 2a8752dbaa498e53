import pandas as pd
import pytest

from customer_segmentation.clustering.fitting import FITTED_CLUSTERS
from customer_segmentation.clustering.stored_models import kept_models, with_recorded
from customer_segmentation.errors import InputError

FEATURES = pd.DataFrame(
    [("s", 1, "age", "none", 1.0), ("s", 2, "income", "log", 2.0)],
    columns=["segmentation", "position", "feature", "transform", "weight"],
)


def segmentations(**changes):
    row = {"segmentation": "s", "dataset": "d", "scaling": "standard", "initialisation": "personas", "k": 2}
    return pd.DataFrame([row | {"is_auto": False} | changes])


def stored(segmentation="s"):
    rows = [
        segmentations().iloc[0].to_dict() | feature._asdict() | {"cluster_id": cluster, "model_version": "v"}
        for cluster in (1, 2)
        for feature in FEATURES.itertuples(index=False)
    ]
    return pd.DataFrame(rows, columns=list(FITTED_CLUSTERS)).assign(segmentation=segmentation)


def test_a_model_that_the_seeds_ask_for_is_kept_as_it_is():
    pd.testing.assert_frame_equal(kept_models(stored(), segmentations(), FEATURES[::-1]), stored())


def test_a_segmentation_that_the_seeds_no_longer_have_disappears():
    both = pd.concat([stored("old"), stored()])
    pd.testing.assert_frame_equal(kept_models(both, segmentations(), FEATURES), stored())


def test_a_segmentation_without_a_model_has_no_row():
    assert kept_models(pd.DataFrame(), segmentations(), FEATURES).empty
    assert kept_models(stored("other"), segmentations(), FEATURES).empty


def test_the_number_that_was_once_recommended_stays():
    assert len(kept_models(stored(), segmentations(k=5, is_auto=True), FEATURES)) == 4
    assert len(kept_models(stored(), segmentations(k=None, is_auto=True), FEATURES)) == 4


@pytest.mark.parametrize("changes", [{}, {"k": 9}])
def test_a_model_that_fell_back_is_the_one_that_was_asked_for(changes):
    fallen_back = stored().assign(initialisation="best_of_starts", fallback="the data allow no other")
    assert len(kept_models(fallen_back, segmentations(**changes), FEATURES)) == 4
    with pytest.raises(InputError, match="k is 1, was 2"):
        kept_models(fallen_back, segmentations(k=1), FEATURES)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"k": 3}, "segmentation 's': k is 3, was 2"),
        ({"scaling": "min_max"}, "scaling is min_max, was standard"),
        ({"initialisation": "best_of_starts"}, "initialisation is best_of_starts, was personas"),
        ({"dataset": "e"}, "dataset is e, was d"),
    ],
)
def test_another_segmentation_than_the_stored_one_is_named(changes, message):
    with pytest.raises(InputError, match=message):
        kept_models(stored(), segmentations(**changes), FEATURES)


@pytest.mark.parametrize(
    ("column", "values", "described"),
    [
        ("feature", ["age", "score"], "age (none, weight 1), score (log, weight 2)"),
        ("transform", ["none", "none"], "age (none, weight 1), income (none, weight 2)"),
        ("weight", [1.0, 1.5], "age (none, weight 1), income (log, weight 1.5)"),
        ("position", [2, 1], "income (log, weight 2), age (none, weight 1)"),
    ],
)
def test_other_features_than_the_stored_ones_are_named(column, values, described):
    with pytest.raises(InputError) as error:
        kept_models(stored(), segmentations(), FEATURES.assign(**{column: values}))
    assert f"its features are {described}, were age (none, weight 1), income (log, weight 2)" in str(error.value)


def test_a_feature_less_is_another_model():
    with pytest.raises(InputError, match=r"its features are age \(none, weight 1\), were"):
        kept_models(stored(), segmentations(), FEATURES[:1])


def test_models_of_another_version_of_the_project_are_not_read():
    with pytest.raises(InputError, match="written by another version"):
        kept_models(stored().drop(columns="weight"), segmentations(), FEATURES)


def test_the_history_has_the_models_of_a_warehouse_that_is_gone():
    nothing, recorded = pd.DataFrame(), stored("recorded").assign(day="2024-01-31", bootstrap_jaccard=0.9)
    assert with_recorded(nothing, recorded[:0]).columns.empty
    pd.testing.assert_frame_equal(with_recorded(nothing, recorded), stored("recorded"))
    both = with_recorded(stored(), recorded)
    assert list(both["segmentation"].unique()) == ["s", "recorded"]
    # what the warehouse has is newer than what was recorded on an earlier day
    pd.testing.assert_frame_equal(with_recorded(stored(), stored().assign(inertia=9.0)), stored())
