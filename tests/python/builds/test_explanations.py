"""What explains the segments agrees with the segments, with scikit-learn and with itself."""

import hashlib

import numpy as np
import pytest
import yaml
from sklearn.decomposition import PCA
from sklearn.metrics import silhouette_samples

from helpers.fitted_model import model_of

SEGMENTATIONS = [
    "mall_income_spending",
    "mall_six_personas",
    "mall_seven_personas",
    "sales_personas",
    "retail_personas",
]
EXPLANATIONS = [
    "algorithm_comparison",
    "segment_rules",
    "principal_components",
    "customer_components",
    "customer_silhouettes",
]


def var(built, name) -> int:
    """Return a var of the project."""
    return yaml.safe_load((built.folder / "dbt_project.yml").read_text())["vars"][name]


def scaled_sample(built, segmentation, customers):
    """Return ids and scaled features of the sampled customers, in the order of their sample numbers."""
    _, center, scale = model_of(built, segmentation)
    columns = ", ".join(f"value_{position}" for position in range(1, len(center) + 1))
    rows = built.query(
        f"""
        select customer_id, {columns} from segmentation.segmentation_samples
        where segmentation = '{segmentation}' and sample_number <= {customers} order by sample_number
        """
    )
    return [row[0] for row in rows], (np.array([row[1:] for row in rows], dtype=float) - center) / scale


@pytest.mark.parametrize("segmentation", SEGMENTATIONS)
def test_a_sample_is_in_the_order_of_the_hashes_of_its_ids(built, segmentation):
    sampled = [
        row[0]
        for row in built.query(
            f"select customer_id from segmentation.segmentation_samples where segmentation = '{segmentation}' order by sample_number"
        )
    ]
    everybody = [
        row[0]
        for row in built.query(
            f"select customer_id from segmentation.segmentation_inputs where segmentation = '{segmentation}'"
        )
    ]
    seed = var(built, "random_seed")
    hashes = {name: hashlib.md5(f"{name} {seed}".encode()).hexdigest() for name in everybody}
    largest = max(var(built, f"{purpose}_customers") for purpose in ("evidence", "picture", "resampling"))
    assert sampled == sorted(everybody, key=lambda name: hashes[name])[:largest]


@pytest.mark.parametrize("segmentation", SEGMENTATIONS)
def test_published_rules_catch_whom_they_say(built, segmentation):
    rules = built.query(
        f"""
        select cluster_id, rule_sql, customers, customers_caught, coverage, purity, fidelity
        from marts.segment_rules where segmentation = '{segmentation}' order by 1
        """
    )
    ((dataset, clusters, everybody),) = built.query(
        f"""
        select any_value(dataset), count(distinct cluster_id), count(*)
        from marts.customer_segments where segmentation = '{segmentation}'
        """
    )
    assert len(rules) == clusters
    all_right = 0
    for cluster_id, rule_sql, customers, customers_caught, coverage, purity, _ in rules:
        ((own, caught, right),) = built.query(
            f"""
            with caught as (select customer_id from marts.{dataset}_customer_features where {rule_sql})

            select
                count(*) filter (where cluster_id = {cluster_id}),
                count(caught.customer_id),
                count(caught.customer_id) filter (where cluster_id = {cluster_id})
            from marts.customer_segments
            left join caught using (customer_id)
            where segmentation = '{segmentation}'
            """
        )
        assert (customers, customers_caught) == (own, caught)
        assert coverage == pytest.approx(right / own)
        assert purity == pytest.approx(right / caught)
        all_right += right
    fidelity = all_right / everybody
    assert [rule[6] for rule in rules] == pytest.approx([fidelity] * clusters)
    assert sum(rule[3] for rule in rules) == everybody
    assert fidelity > 0.8


def test_rules_of_the_classic_segments_read_as_everybody_describes_them(built):
    assert dict(
        built.query(
            "select persona, rule_prose from marts.segment_rules where segmentation = 'mall_income_spending' order by 1"
        )
    ) == {
        "Affluent Enthusiasts": "annual income over $70k and spending score over 50 points",
        "Reserved Affluent": "annual income over $70k and spending score up to 50 points",
        "Steady Middle": "annual income over $39k up to $70k",
        "Thrifty Planners": "annual income up to $39k and spending score up to 50 points",
        "Treat Seekers": "annual income up to $39k and spending score over 50 points",
    }


@pytest.mark.parametrize("segmentation", SEGMENTATIONS)
def test_components_in_sql_are_those_of_scikit_learn(built, segmentation):
    _, everybody = scaled_sample(built, segmentation, var(built, "evidence_customers"))
    ids, shown = scaled_sample(built, segmentation, var(built, "picture_customers"))
    reference = PCA().fit(everybody)
    expected = reference.transform(shown)[:, :3]
    found = {
        row[0]: row[1:]
        for row in built.query(
            f"""
            select customer_id, component_1, component_2, component_3
            from marts.customer_components where segmentation = '{segmentation}'
            """
        )
    }
    assert set(found) == set(ids)
    places = np.array([found[name] for name in ids], dtype=float)[:, : expected.shape[1]]
    signs = np.sign((places * expected).sum(axis=0))
    assert places == pytest.approx(expected * signs, abs=1e-8)
    shares = built.query(
        f"""
        select distinct component, share_of_variance from marts.principal_components
        where segmentation = '{segmentation}' order by 1
        """
    )
    assert [share for _, share in shares] == pytest.approx(reference.explained_variance_ratio_)
    if everybody.shape[1] < 3:
        assert all(row[2] is None for row in found.values())


@pytest.mark.parametrize("segmentation", SEGMENTATIONS)
def test_silhouettes_in_sql_are_those_of_scikit_learn(built, segmentation):
    ids, sample = scaled_sample(built, segmentation, var(built, "resampling_customers"))
    found = {
        row[0]: row[1:]
        for row in built.query(
            f"""
            select customer_id, cluster_id, silhouette, customers
            from marts.customer_silhouettes where segmentation = '{segmentation}'
            """
        )
    }
    assert set(found) == set(ids)
    labels = [found[name][0] for name in ids]
    assert [found[name][1] for name in ids] == pytest.approx(silhouette_samples(sample, labels), abs=1e-7)
    assert {row[2] for row in found.values()} == {len(ids)}


def test_k_means_is_compared_with_the_figures_of_the_fit(built):
    compared = built.query(
        """
        select
            algorithm_comparison.silhouette, segmentation_fits.silhouette,
            algorithm_comparison.customers = segmentation_fits.silhouette_customers, clusters, k, adjusted_rand_index
        from marts.algorithm_comparison inner join marts.segmentation_fits using (segmentation)
        where algorithm = 'K-Means'
        """
    )
    assert len(compared) == len(SEGMENTATIONS)
    for silhouette, fitted_silhouette, on_the_same_customers, clusters, k, agreement in compared:
        assert silhouette == pytest.approx(fitted_silhouette, rel=1e-9 if on_the_same_customers else 0.05)
        assert clusters == k
        assert agreement == 1


@pytest.mark.parametrize(
    ("segmentation", "bic", "agreement"),
    [("mall_income_spending", 1058.7, 0.956), ("mall_six_personas", 1599.2, 0.814)],
)
def test_mixtures_of_the_mall_customers_reach_the_reference_values(built, segmentation, bic, agreement):
    ((found_bic, found_agreement),) = built.query(
        f"""
        select bic, adjusted_rand_index from marts.algorithm_comparison
        where segmentation = '{segmentation}' and algorithm = 'Gaussian mixture, full'
        """
    )
    assert found_bic == pytest.approx(bic, abs=0.2)
    assert found_agreement == pytest.approx(agreement, abs=0.001)


def test_every_algorithm_says_how_it_was_set_and_how_noise_counts(built):
    rows = built.query("select algorithm, settings, noise_handling, noise_customers from marts.algorithm_comparison")
    assert len(rows) == 9 * len(SEGMENTATIONS)
    for algorithm, settings, noise_handling, noise in rows:
        assert settings
        assert (algorithm in ("DBSCAN", "HDBSCAN")) == noise_handling.startswith("noise left out")
        assert noise == 0 or algorithm in ("DBSCAN", "HDBSCAN")


def test_fast_evidence_compares_as_many_algorithms(rebuilt):
    models = ["segmentation_samples", "algorithm_results", "fitted_rules", "fitted_components", *EXPLANATIONS]
    run = rebuilt.dbt("build", "--select", *models, "--vars", "{evidence: fast}")
    assert run.returncode == 0, run.stdout
    counts = {table: rebuilt.query(f"select count(*) from marts.{table}")[0][0] for table in EXPLANATIONS}
    assert counts["algorithm_comparison"] == 5 * len(SEGMENTATIONS)
    assert min(counts.values()) > 0
