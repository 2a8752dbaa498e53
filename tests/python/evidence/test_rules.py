import duckdb
import numpy as np
import pandas as pd
import pytest

from customer_segmentation.evidence.rules import FITTED_RULES, NO_RULE, Leaf, fit_leaves, fit_rules, round_threshold
from customer_segmentation.evidence.samples import Sample

FEATURES = pd.DataFrame(
    {
        "dataset": ["d", "d"],
        "feature": ["income", "score"],
        "label": ["annual income", "spending score"],
        "unit": ["k$", "points"],
        "decimals": [0, 0],
    }
)


def sample_of(values, labels) -> Sample:
    values = np.asarray(values, dtype=float)
    features = pd.DataFrame({"position": [1, 2], "feature": ["income", "score"]})
    return Sample("s", "d", features, values, values, np.asarray(labels), int(np.max(labels)))


def random_customers(n_clusters: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    centers = random.uniform(0, 100, size=(n_clusters, 2))
    values = random.uniform(0, 100, size=(500, 2)).round(1)
    return values, ((values[:, None] - centers) ** 2).sum(axis=2).argmin(axis=1) + 1


def test_a_rule_reads_like_a_sentence_and_runs_as_sql():
    grid = [(income, score) for income in range(20, 121) for score in range(1, 101)]
    labels = [1 if income <= 70 else 2 if score <= 45 else 3 for income, score in grid]
    rules = fit_rules([sample_of(grid, labels)], FEATURES, seed=0).set_index("cluster_id")
    assert rules["rule_sql"].tolist() == [
        "income <= 70",
        "income > 70 and score <= 45",
        "income > 70 and score > 45",
    ]
    assert rules.loc[2, "rule_prose"] == "annual income over $70k and spending score up to 45 points"
    assert rules["conditions"].tolist() == [1, 2, 2]


def test_a_range_is_one_condition():
    labels = [1 if 40 < income <= 60 else 2 for income in range(1, 101)]
    rules = fit_rules([sample_of([(income, 5) for income in range(1, 101)], labels)], FEATURES, seed=0)
    assert rules["rule_sql"].tolist() == ["income > 40 and income <= 60", "(income <= 40) or (income > 60)"]
    assert rules["rule_prose"].tolist() == [
        "annual income over $40k up to $60k",
        "annual income up to $40k; or annual income over $60k",
    ]
    assert rules["conditions"].tolist() == [1, 2]


@pytest.mark.parametrize("n_clusters", [2, 3, 5, 8])
@pytest.mark.parametrize("seed", range(4))
def test_rules_catch_every_customer_exactly_once(n_clusters, seed):
    values, labels = random_customers(n_clusters, seed)
    leaves = fit_leaves(values, labels, np.array([1, 1]), seed=0)
    caught = np.zeros(len(values), dtype=int)
    right = 0
    for leaf in leaves:
        inside = np.ones(len(values), dtype=bool)
        for feature, limit in leaf.above.items():
            inside &= values[:, feature] > limit
        for feature, limit in leaf.up_to.items():
            inside &= values[:, feature] <= limit
        caught += inside
        right += (labels[inside] == leaf.cluster_id).sum()
    assert (caught == 1).all()
    assert right / len(values) > 0.7
    assert {leaf.cluster_id for leaf in leaves} == set(labels)


def test_sql_means_what_the_leaves_mean():
    values, labels = random_customers(4, 1)
    rules = fit_rules([sample_of(values, labels)], FEATURES, seed=0)
    leaves = fit_leaves(values, labels, np.array([0, 0]), seed=0)
    customers = pd.DataFrame(values, columns=["income", "score"])  # noqa: F841  # read by the query
    for rule in rules.itertuples():
        (caught,) = duckdb.sql(f"select count(*) from customers where {rule.rule_sql}").fetchall()[0]
        expected = 0
        for leaf in leaves:
            if leaf.cluster_id == rule.cluster_id:
                inside = [values[:, feature] > limit for feature, limit in leaf.above.items()]
                inside += [values[:, feature] <= limit for feature, limit in leaf.up_to.items()]
                expected += np.logical_and.reduce(inside).sum()
        assert caught == expected


def test_a_threshold_that_occurs_already_is_used_again():
    # 39 would split the younger, 38 the older: one customer in fifty is no reason for two numbers
    grid = [(income, score) for income in range(30, 50) for score in range(100)]
    labels = [1 if income <= (39 if score < 50 else 40) else 2 + (score >= 50) for income, score in grid]
    leaves = fit_leaves(np.array(grid, dtype=float), np.array(labels), np.array([0, 0]), seed=0)
    assert len({limit for leaf in leaves for limit in leaf.up_to.values()}) <= 3


@pytest.mark.parametrize(
    ("values", "threshold", "decimals", "expected"),
    [
        ([69.0, 70.0], 69.5, 0, 69.0),
        ([1.0, 100.0], 48.7, 0, 50.0),
        ([1234.56, 1234.58], 1234.57, 0, 1234.57),
        ([0.0004, 0.0006], 0.0005, 2, 0.0005),
        ([-30.0, -10.0], -19.0, 0, -20.0),
        ([-1.0, 1.0], 0.0, 0, 0.0),
        ([0.12, 0.31], 0.215, 2, 0.2),
    ],
)
def test_a_threshold_is_as_round_as_the_values_allow(values, threshold, decimals, expected):
    assert round_threshold(np.array(values), threshold, decimals) == expected


def test_a_segment_without_a_sampled_customer_has_no_rule():
    sample = sample_of([(1, 1), (2, 2), (8, 8), (9, 9)], [1, 1, 3, 3])
    rules = fit_rules([sample], FEATURES, seed=0).set_index("cluster_id")
    assert pd.isna(rules.loc[2, "rule_sql"])
    assert rules.loc[2, "rule_prose"] == NO_RULE
    assert rules.loc[2, "conditions"] == 0


def test_equal_customers_in_one_segment_are_caught_without_a_condition():
    assert fit_leaves(np.ones((5, 2)), np.array([2] * 5), np.array([0, 0]), seed=0) == [Leaf(2, {}, {})]
    rules = fit_rules([sample_of(np.ones((5, 2)), [1] * 5)], FEATURES, seed=0)
    assert rules["rule_sql"].tolist() == ["true"]
    assert rules["rule_prose"].tolist() == ["everyone"]


def test_without_samples_there_are_no_rules():
    rules = fit_rules([], FEATURES, seed=0)
    assert list(rules.columns) == list(FITTED_RULES)
    assert rules.empty
