"""The stability index of known distributions, and its law without drift."""

import numpy as np
import pandas as pd
import pytest

from customer_segmentation.history.drift import chance_of_index, drift_results, stability_index


@pytest.mark.parametrize(
    ("then", "now", "index"),
    [
        ([0.5, 0.5], [0.6, 0.4], 0.040547),
        ([0.5, 0.5], [0.7, 0.3], 0.169460),
        ([0.6, 0.4], [0.5, 0.5], 0.040547),
        ([10, 30, 60], [1, 3, 6], 0.0),
        # an empty bin counts as half a customer
        ([10, 10, 0], [10, 10, 10], stability_index([10, 10, 0.5], [10, 10, 10])),
        # a bin that is empty on both sides does not count
        ([10, 10, 0], [5, 15, 0], stability_index([10, 10], [5, 15])),
    ],
)
def test_known_indices(then, now, index):
    assert stability_index(then, now) == pytest.approx(index, abs=5e-7)


def test_without_drift_one_index_in_twenty_is_beyond_the_limit():
    generator = np.random.default_rng(7)
    shares = np.full(10, 0.1)
    chances = [
        chance_of_index(stability_index(*(generator.multinomial(size, shares) for size in (400, 900))), 10, 400, 900)
        for _ in range(4000)
    ]
    # the standard error of a share of 0.05 among 4000 is 0.0034
    assert np.mean(np.array(chances) < 0.05) == pytest.approx(0.05, abs=0.012)
    assert np.mean(np.array(chances) < 0.5) == pytest.approx(0.5, abs=0.03)


def test_the_folklore_limit_fires_on_nothing_among_few_customers():
    generator = np.random.default_rng(7)
    indices = [stability_index(*generator.multinomial(100, np.full(10, 0.1), size=2)) for _ in range(1000)]
    assert np.mean(np.array(indices) > 0.1) > 0.8


def test_each_measure_has_one_result_and_an_empty_side_has_none():
    rows = [("s", "age", 1, 50, 60), ("s", "age", 2, 50, 40), ("s", "age", 3, 0, 0), ("s", "income", 1, 9, 0)]
    counts = pd.DataFrame(rows, columns=["segmentation", "measure", "bin", "customers_then", "customers_now"])
    [result] = drift_results(counts).to_dict("records")
    assert (result["measure"], result["bins"], result["customers_then"], result["customers_now"]) == (
        "age",
        2,
        100,
        100,
    )
    assert result["effect"] == pytest.approx(0.040547**0.5, abs=1e-5)
    assert result["p_value"] == chance_of_index(result["stability_index"], 2, 100, 100)
    assert drift_results(counts[:0]).empty
