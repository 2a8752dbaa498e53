"""The evidence of the build: why so many segments, whether the fit is the best, and whether segments hold."""

import duckdb
import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from helpers import mall
from helpers.fitted_model import model_of

MALL = {"mall_income_spending": "2D inc+spend", "mall_six_personas": "3D age+inc+spend"}


@pytest.mark.parametrize("segmentation", MALL)
def test_criteria_equal_the_reference_for_every_number_of_segments(built, segmentation):
    references = {
        row["k"]: row["top"][0]
        for row in mall.reference_optima()
        if row["set"] == MALL[segmentation] and row["scale"] == "std"
    }
    found = built.query(
        f"""
        select k, inertia, silhouette, davies_bouldin, calinski_harabasz, smallest_cluster, customers
        from marts.k_selection where segmentation = '{segmentation}' order by k
        """
    )
    assert [row[0] for row in found] == list(range(2, 11))
    for k, inertia, silhouette, davies_bouldin, calinski_harabasz, smallest, customers in found:
        reference = references[k]
        assert customers == 200
        assert inertia <= reference["inertia"] * (1 + 1e-9)
        if inertia >= reference["inertia"] * (1 - 1e-9):  # where a better optimum was found the others differ as well
            assert silhouette == pytest.approx(reference["sil"], abs=1e-6)
            assert davies_bouldin == pytest.approx(reference["db"], abs=1e-6)
            assert calinski_harabasz == pytest.approx(reference["ch"], rel=1e-6)
            assert smallest == min(reference["sizes"])


def test_resampling_meets_the_reference_within_the_errors_in_the_table(built):
    # Mean and worst bootstrap Jaccard, prediction strength; the reference has errors of its own, about as large. With seven
    # segments on income and spending the Jaccard of the reference is higher (0.87) than any search here finds (up to 0.85).
    # Three segments seldom fail in a sample, so the error in the table says how many failures were drawn (0.005 to 0.028 for
    # prediction strength); there, the errors are what the means of a dozen seeds and more differ by.
    of_seeds = {("mall_income_spending", 3): (0.008, 0.008, 0.017)}
    for segmentation, k, *reference in [
        ("mall_income_spending", 3, 0.984, 0.983, 0.937),
        ("mall_income_spending", 4, 0.863, 0.646, 0.678),
        ("mall_income_spending", 5, 0.981, 0.966, 0.870),
        ("mall_income_spending", 6, 0.839, 0.478, 0.641),
        ("mall_six_personas", 2, 0.982, 0.982, 0.912),
        ("mall_six_personas", 4, 0.974, 0.958, 0.795),
        ("mall_six_personas", 5, 0.785, 0.530, 0.530),
        ("mall_six_personas", 6, 0.916, 0.865, 0.676),
        ("mall_six_personas", 7, 0.861, 0.769, 0.510),
    ]:
        [row] = built.query(
            f"""
            select bootstrap_jaccard, bootstrap_jaccard_standard_error, worst_cluster_jaccard,
                worst_cluster_jaccard_standard_error, prediction_strength, prediction_strength_standard_error
            from marts.k_selection where segmentation = '{segmentation}' and k = {k}
            """
        )
        errors = of_seeds.get((segmentation, k), row[1::2])
        for value, error, expected in zip(row[::2], errors, reference, strict=True):
            assert abs(value - expected) <= 3 * np.sqrt(2) * error + 0.001, (segmentation, k)


def test_the_recommended_numbers(built):
    found = built.query(
        "select segmentation, recommended_k, k_in_use, agreement, sentence from marts.k_recommendation order by 1"
    )
    assert [row[:3] for row in found] == [
        ("mall_income_spending", 5, 5),
        ("mall_seven_personas", 6, 7),
        ("mall_six_personas", 6, 6),
        ("retail_personas", 4, 3),
        ("sales_personas", 5, 5),
    ]
    assert found[0][3] == "most"
    assert found[0][4].startswith("5 segments separate customers best (silhouette 0.55)")
    assert found[1][4].endswith("Showing 7 because segmentations.csv sets k = 7.")


def test_the_gap_meets_the_reference(built):
    for segmentation, k, reference in [
        ("mall_income_spending", 3, 0.310),
        ("mall_income_spending", 5, 0.568),
        ("mall_income_spending", 7, 0.572),
        ("mall_six_personas", 2, 0.351),
        ("mall_six_personas", 5, 0.554),
        ("mall_six_personas", 6, 0.610),
    ]:
        [(gap, error, references)] = built.query(
            f"""
            select gap, gap_standard_error, gap_references from marts.k_selection
            where segmentation = '{segmentation}' and k = {k}
            """
        )
        # the error of the table is that of one reference data set; means are compared
        assert abs(gap - reference) <= 3 * np.sqrt(2) * error / np.sqrt(references) + 0.001, (segmentation, k)


def test_one_of_the_popular_five_segments_on_three_features_is_not_found_again(built):
    worst = dict(
        built.query("select k, worst_cluster_jaccard from marts.k_selection where segmentation = 'mall_six_personas'")
    )
    assert worst[5] < 0.7
    assert worst[6] > 0.8


def test_what_the_start_at_the_personas_costs(built):
    optima = built.query(
        """
        select optimum, inertia, excess_over_best, smallest_cluster, found_by, is_in_use, customers_elsewhere
        from marts.fit_optima where segmentation = 'mall_seven_personas' order by optimum
        """
    )
    assert optima[0][1] == pytest.approx(117.011555, rel=1e-6)
    [in_use] = [row for row in optima if row[5]]
    assert in_use[1] == pytest.approx(121.389350, rel=1e-6)
    assert in_use[2] == pytest.approx(0.0374, abs=5e-5)
    assert in_use[3] == 9
    assert in_use[4] == "personas"
    assert in_use[6] == 40
    # more than five optima lie below it, all of which single starts end in
    assert in_use[0] > len(optima)


def test_the_twin_of_the_best_six_is_told_apart(built):
    optima = built.query(
        """
        select inertia, share_of_starts, adjusted_rand_index, customers_elsewhere, is_in_use
        from marts.fit_optima where segmentation = 'mall_six_personas' order by optimum limit 2
        """
    )
    assert optima[0][0] == pytest.approx(133.868334, rel=3e-9)
    assert 0 < optima[0][1] < 0.2
    assert optima[0][4]
    assert optima[1][0] == pytest.approx(133.868421, rel=3e-9)
    assert optima[1][2] == pytest.approx(0.989, abs=5e-4)
    assert optima[1][3] == 1


def test_every_segment_of_the_seeds_has_a_grade_beside_its_persona(built):
    rows = built.published_query(
        """
        select segment_stability.bootstrap_jaccard, segment_stability.stability_grade, segments.stability_grade,
            personas.stability_grade, segments.colour = personas.colour
        from segments
        inner join personas using (segmentation, cluster_id)
        left join segment_stability using (segmentation, cluster_id)
        """
    )
    for jaccard, grade, in_segments, in_personas, same_colour in rows:
        limits = [(0.75, "stable"), (0.6, "usable"), (0.5, "doubtful"), (0, "dissolved")]
        assert grade == in_segments == in_personas == next(name for limit, name in limits if jaccard >= limit)
        assert same_colour


def test_colours_differ_within_a_segmentation(built):
    assert built.published_query("select segmentation, colour from segments group by all having count(*) > 1") == []


@pytest.mark.parametrize("segmentation", ["mall_income_spending", "mall_six_personas", "sales_personas"])
def test_the_features_that_decided_are_those_with_the_largest_share_in_the_distances(built, segmentation):
    centers, center, scale = model_of(built, segmentation)
    positions = range(1, len(center) + 1)
    features = dict(
        built.query(f"select position, feature from seeds.segmentation_features where segmentation = '{segmentation}'")
    )
    columns = ", ".join(f"value_{position}" for position in positions)
    rows = built.query(
        f"""
        select cluster_id, runner_up_cluster_id, deciding_feature, second_deciding_feature, {columns}
        from marts.customer_segments inner join segmentation.segmentation_inputs using (segmentation, customer_id)
        where segmentation = '{segmentation}'
        """
    )
    for own, other, first, second, *values in rows:
        scaled = (np.array(values) - center) / scale
        contributions = (scaled - centers[other - 1]) ** 2 - (scaled - centers[own - 1]) ** 2
        order = np.argsort(-contributions, kind="stable")
        assert first == features[order[0] + 1]
        assert second == (features[order[1] + 1] if contributions[order[1]] > 0 else None)


def test_the_crosswalk_counts_everybody_and_agrees_with_scikit_learn(built):
    pairs = built.query(
        "select segmentation, other_segmentation, adjusted_rand_index from marts.segmentation_agreement"
    )
    assert len(pairs) == 6
    for segmentation, other, index in pairs:
        labels = built.query(
            f"""
            select first.cluster_id, second.cluster_id
            from marts.customer_segments as first inner join marts.customer_segments as second using (customer_id)
            where first.segmentation = '{segmentation}' and second.segmentation = '{other}'
            """
        )
        assert index == pytest.approx(adjusted_rand_score(*zip(*labels, strict=True)))
        [(customers, share)] = built.query(
            f"""
            select sum(customers), sum(share_of_segment) / count(distinct cluster_id) from marts.segment_crosswalk
            where segmentation = '{segmentation}' and other_segmentation = '{other}'
            """
        )
        assert customers == len(labels)
        assert share == pytest.approx(1)


def test_published_figures_are_confirmed_or_named(built):
    verdicts = dict(built.query("select result_id, verdict from marts.published_result_checks"))
    errors = {"gender_unscaled_k6", "gender_unscaled_k7"} | {
        name for name in verdicts if name.startswith("silhouette_")
    }
    optima = {
        "two_features_unscaled_k5_second",
        "three_features_k6_twin",
        "three_features_k6_by_silhouette",
        "three_features_k6_by_silhouette_silhouette",
        "seven_personas",
    }
    assert len(verdicts) == 18
    assert {name for name, verdict in verdicts.items() if verdict == "error"} == errors
    assert {name for name, verdict in verdicts.items() if verdict == "local optimum"} == optima
    # four features, gender among them, give the figures that were published for three
    rows = built.query(
        "select published_value, nearest_value from marts.published_result_checks where result_id like 'gender_%'"
    )
    assert all(abs(published - found) < 0.005 for published, found in rows)


def test_a_dissolved_segment_of_a_default_segmentation_warns(rebuilt):
    with duckdb.connect(str(rebuilt.database)) as warehouse:
        warehouse.execute(
            "update marts.segment_stability set stability_grade = 'dissolved' where segmentation = 'mall_six_personas'"
        )
    test = ["test", "--select", "assert_no_default_segment_dissolves"]
    assert "WARN=0" in rebuilt.dbt(*test).stdout
    with duckdb.connect(str(rebuilt.database)) as warehouse:
        warehouse.execute(
            """
            update marts.segment_stability set stability_grade = 'dissolved'
            where segmentation = 'mall_income_spending' and cluster_id = 1
            """
        )
    run = rebuilt.dbt(*test)
    assert run.returncode == 0
    assert "WARN=1" in run.stdout


def test_k_may_be_left_to_the_recommendation_even_without_evidence(rebuilt):
    rebuilt.edit(
        "seeds/judgement/segmentations.csv",
        "mall_six_personas,mall,6,2,10,standard,best_of_starts,always,0.1,false",
        "mall_six_personas,mall,auto,2,10,standard,best_of_starts,always,0.1,false",
    )
    reached = [f"applied_segmentations+,+{table}" for table in ("segments", "k_recommendation")]
    run = rebuilt.dbt("build", "--indirect-selection", "cautious", "--select", "segmentations", *reached)
    assert run.returncode == 0, run.stdout
    sizes = dict(rebuilt.query("select segmentation, count(*) from marts.segments group by segmentation"))
    assert sizes["mall_six_personas"] == 6
    # nothing else was compared
    [(sentence,)] = rebuilt.query("select sentence from marts.k_recommendation")
    assert sentence.endswith(": k is auto, so the recommendation is used.")
    assert rebuilt.query("select distinct stability_grade from marts.segments") == [(None,)]


def test_fast_evidence_repeats_less_and_says_so(rebuilt):
    run = rebuilt.dbt("build", "--select", "k_selection+1", "k_criteria", "--vars", "{evidence: fast}")
    assert run.returncode == 0, run.stdout
    assert rebuilt.query("select distinct bootstraps, half_splits, gap_references from marts.k_selection") == [
        (20, 10, 10)
    ]


def test_numbers_of_segments_of_very_many_customers_are_compared_on_their_coreset(built, rebuilt):
    models = ["segmentation_samples", "segmentation_statistics", "segmentation_coresets", "fitted_clusters"]
    models += ["k_criteria", "k_choices", "k_selection", "local_optima", "fit_optima"]
    very_many = "{evidence: fast, exact_customers: 1000, coreset_customers: 2000}"
    tests = ["k_selection_figures_are_possible", "fit_optima_figures_are_possible"]
    run = rebuilt.dbt("build", "--indirect-selection", "empty", "--select", *models, *tests, "--vars", very_many)
    assert run.returncode == 0, run.stdout
    assert run.stdout.count("_figures_are_possible ...") >= 2
    looked_at = """
        select distinct segmentation, fitted_on, customers, silhouette_customers from marts.k_selection
        where segmentation in ('retail_personas', 'sales_personas') order by all
    """
    [(customers,)] = built.query("select count(*) from marts.customer_segments where segmentation = 'retail_personas'")
    assert built.query(looked_at) == [
        ("retail_personas", "even sample", 2000, 2000),
        ("sales_personas", "all customers", 985, 985),
    ]
    assert rebuilt.query(looked_at) == [
        ("retail_personas", "coreset", customers, 2000),
        ("sales_personas", "all customers", 985, 985),
    ]
    rows = rebuilt.query(
        "select count(*) from segmentation.segmentation_coresets where segmentation = 'retail_personas'"
    )
    assert rebuilt.query(
        "select distinct fitted_on, coreset_rows from marts.k_selection where segmentation = 'retail_personas'"
    ) == [("coreset", *rows[0])]
    # the k in use was settled on all customers, and the recommendation is that of the even sample
    [(inertia,)] = rebuilt.query(
        "select distinct inertia from segmentation.fitted_clusters where segmentation = 'retail_personas'"
    )
    for table in ("k_selection where is_in_use", "fit_optima where optimum = 1"):
        [(estimated, of)] = rebuilt.query(
            f"select inertia, customers from marts.{table} and segmentation = 'retail_personas'"
        )
        assert estimated == pytest.approx(inertia, rel=0.05)
        assert of == customers
    recommended = "select k from marts.k_selection where segmentation = 'retail_personas' and is_recommended"
    assert rebuilt.query(recommended) == built.query(recommended)


def test_an_unknown_word_for_the_evidence_stops_the_build(rebuilt):
    run = rebuilt.dbt("build", "--select", "segmentation_samples", "--vars", "{evidence: some}")
    assert run.returncode != 0
    assert "The var `evidence` is 'some'. Expected full, fast or none." in " ".join(run.stdout.split())
    assert "Traceback" not in run.stdout
