import numpy as np
import pandas as pd
import pytest

from customer_segmentation.personas.matching import match_personas, trait_distances


def clusters(centers: list[float]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "segmentation": "s",
            "cluster_id": range(1, len(centers) + 1),
            "position": 1,
            "scaler_center": 10.0,
            "scaler_scale": 2.0,
            "scaled_centroid": centers,
            "scaled_deviation": 0.5,
        }
    )


def prototypes(values: dict[str, float], open_end: int = 0) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "segmentation": "s",
            "persona": list(values),
            "priority": range(1, len(values) + 1),
            "position": 1,
            "model_value": list(values.values()),
            "weight": 1.0,
            "open_end": open_end,
        }
    )


def test_the_sum_of_distances_decides_not_the_first_choice():
    # both personas are nearest to cluster 1, but the second one has nowhere else to go
    matches = match_personas(prototypes({"near_both": 11.0, "near_one": 8.0}), clusters([0.0, 3.0]))
    assert dict(zip(matches["persona"], matches["cluster_id"], strict=True)) == {"near_both": 2, "near_one": 1}


def test_distance_is_in_standard_deviations_of_the_population():
    matches = match_personas(prototypes({"one": 14.0}), clusters([0.5]))
    assert matches["match_distance"].tolist() == [pytest.approx((2 - 0.5) / 0.5)]


def test_more_than_high_is_high():
    # as points, "high" at 14 is nearer to 11 than to 20
    centers = [0.5, 5.0]
    assert match_personas(prototypes({"high": 14.0}), clusters(centers))["cluster_id"].tolist() == [1]
    matches = match_personas(prototypes({"high": 14.0}, open_end=1), clusters(centers))
    assert matches[["cluster_id", "match_distance"]].to_numpy().tolist() == [[2, 0.0]]
    assert match_personas(prototypes({"low": 14.0}, open_end=-1), clusters(centers))["cluster_id"].tolist() == [1]


def test_of_clusters_that_fulfil_a_claim_alike_the_nearest_is_taken():
    matches = match_personas(prototypes({"high": 11.0}, open_end=1), clusters([5.0, 1.0, 9.0]))
    assert matches[["cluster_id", "match_distance"]].to_numpy().tolist() == [[2, 0.0]]


@pytest.mark.parametrize(("personas", "centers"), [(3, 2), (2, 3)])
def test_what_is_left_over_has_no_row(personas, centers):
    values = {f"persona_{number}": 10.0 + number for number in range(personas)}
    matches = match_personas(prototypes(values), clusters([float(number) for number in range(centers)]))
    assert len(matches) == 2
    assert matches["cluster_id"].is_unique
    assert matches["persona"].is_unique


def test_a_segmentation_without_personas_has_no_matches():
    assert match_personas(prototypes({}), clusters([0.0, 1.0])).empty


def test_a_trait_that_is_not_claimed_does_not_count():
    distances = trait_distances(
        np.array([[0.0, np.nan]]), np.array([[2.0, np.nan]]), np.array([[3.0, 100.0]]), np.zeros((1, 2))
    )
    assert distances.tolist() == [[3.0]]


def test_weights_shift_the_distance_towards_the_heavier_trait():
    distances = trait_distances(
        np.array([[0.0, 0.0]]), np.array([[3.0, 1.0]]), np.array([[2.0, 0.0], [0.0, 2.0]]), np.zeros((1, 2))
    )
    assert distances[0].tolist() == [pytest.approx(np.sqrt(3)), pytest.approx(1.0)]


def test_a_claim_about_what_is_the_same_for_all_decides_nothing():
    same = clusters([0.0, 0.0]).assign(scaled_deviation=0.0)
    both = pd.concat([clusters([-1.0, 1.0]), same.assign(position=2)])
    claims = pd.concat(
        [prototypes({"high": 13.0, "low": 7.0}), prototypes({"high": 1.0, "low": 99.0}).assign(position=2)]
    )
    matches = match_personas(claims, both)
    assert dict(zip(matches["persona"], matches["cluster_id"], strict=True)) == {"high": 2, "low": 1}
    assert matches["match_distance"].tolist() == pytest.approx([1.0, 1.0])
    assert match_personas(prototypes({"one": 14.0}), same)["match_distance"].tolist() == [0.0]
