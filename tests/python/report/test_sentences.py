import pandas as pd
import pytest

from customer_segmentation.evidence.rules import NO_RULE
from customer_segmentation.language import use_locale
from customer_segmentation.publication.retelling import figures_retold, rule_retold
from customer_segmentation.report import findings
from customer_segmentation.report.about_data import columns_table
from customer_segmentation.scoring.explanation import doubts, problem_text

FIT = {
    "segmentation": "mall", "dataset": "mall", "k": 3, "customers": 200, "silhouette": 0.55, "silhouette_customers": 200,
    "initialisation": "best_of_starts", "inertia": 65.0, "best_known_inertia": 65.0, "starts": 100,
    "share_of_starts_at_best": 0.07,
}  # fmt: skip


def segments(*grades, jaccard=0.5):
    return pd.DataFrame(
        {
            "cluster_id": range(1, len(grades) + 1),
            "persona": [f"P{number}" for number in range(1, len(grades) + 1)],
            "stability_grade": grades,
            "bootstrap_jaccard": [jaccard + number / 10 for number in range(len(grades))],
            "customers": 100,
            "share_of_customers": 1 / len(grades),
            "priority": [float(number) for number in range(1, len(grades) + 1)],
        }
    )


def personas(**columns):
    values = {"persona": ["P1", "P2"], "cluster_id": [1, 2], "match_grade": "good", "contradicted_traits": None}
    return pd.DataFrame(values | columns)


NONE = pd.DataFrame()


@pytest.fixture
def german():
    use_locale("de")
    yield
    use_locale("en")


@pytest.mark.parametrize(
    ("grades", "sentence"),
    [
        (["stable", "usable"], "Both segments come back in new samples (bootstrap Jaccard 0.50 to 0.60)."),
        (["doubtful", "stable", "stable"], "Two of three segments come back in new samples; P1 (doubtful, 0.50) does not."),
        (["dissolved", "doubtful"], "No segment is sure to come back in new samples: P1 (dissolved, 0.50) and P2 (doubtful, 0.60)."),
        ([None, None], "Stability: not computed: this publication was built with `evidence: none`."),
    ],
)  # fmt: skip
def test_stability_is_told_with_the_segments_that_are_doubtful(grades, sentence):
    assert findings.stability_sentence(segments(*grades)) == sentence


def recommendation(recommended, agreeing=6):
    return pd.DataFrame(
        [{"recommended_k": recommended, "agreeing_criteria": agreeing, "criteria": 7, "sentence": "So it is."}]
    )


@pytest.mark.parametrize(
    ("recommended", "title"),
    [
        (3, "Three segments: six of seven criteria agree"),
        (5, "Three segments in use, while six of seven criteria favor five"),
        (None, "Three segments in use; the criteria recommend no number"),
    ],
)
def test_the_choice_of_k_is_told_as_it_is(recommended, title):
    assert findings.choice_title(recommendation(recommended), 3) == title


def test_a_choice_without_evidence_is_called_a_decision():
    assert findings.choice_title(NONE, 3) == "Three segments: a decision, not checked against other numbers"
    assert findings.choice_sentence(NONE) == findings.NOT_COMPUTED


def test_a_local_optimum_is_called_one():
    sentence = findings.optimum_sentence(FIT | {"inertia": 121.389, "best_known_inertia": 117.012}, NONE)
    assert sentence.startswith("The solution in use is a local optimum: its inertia is 3.7 % above the best one known.")
    assert "7 % of 100 random starts" in findings.optimum_sentence(FIT, NONE)


def test_what_a_start_at_the_personas_costs_is_said():
    fit = FIT | {"inertia": 121.389, "best_known_inertia": 117.012, "initialisation": "personas"}
    optima = pd.DataFrame(
        {
            "optimum": [1, 2, 21], "excess_over_best": [0.0, 0.0006, 0.0374], "share_of_starts": [0.03, 0.02, 0.0],
            "customers_elsewhere": [0, 2, 40], "customers": 200, "is_in_use": [False, False, True],
            "fitted_on": "all customers", "coreset_rows": 200,
        }
    )  # fmt: skip
    sentence = findings.optimum_sentence(fit, optima)
    assert (
        "Starting at the personas costs that: 40 customers of 200 are in another segment than in the best solution."
        in sentence
    )
    assert "found at least 21 different optima" in sentence
    assert "personas" not in findings.optimum_sentence(fit | {"initialisation": "best_of_starts"}, optima)


@pytest.mark.parametrize(
    ("fitted_on", "beginning"),
    [
        ("all customers", "The search found"),
        ("even sample", "On a sample of 2,000 customers the search found"),
        ("coreset", "On 1,990 weighted rows that represent all customers, the search found"),
    ],
)
def test_what_the_search_looked_at_is_said(fitted_on, beginning):
    optima = pd.DataFrame({"optimum": [1], "customers": 2_000, "fitted_on": fitted_on, "coreset_rows": 1_990})
    assert f" {beginning} no other." in findings.optimum_sentence(FIT, optima)


def test_money_is_the_finding_where_there_is_money():
    profiles = pd.DataFrame(
        {
            "cluster_id": [1, 2], "persona": ["Few", "Many"], "feature": "monetary_value", "label": "money spent",
            "unit": "$", "customers": [20, 80], "mean": [40.0, 2.5], "index_to_population": [400.0, 25.0],
        }
    )  # fmt: skip
    assert findings.key_finding(segments("stable", "stable"), profiles) == (
        "Few are 20 % of the customers and bring 80 % of the money spent."
    )


def test_a_name_with_commas_is_quoted_in_sentences():
    named = segments("stable", "stable").assign(persona=["Buys often, spends much", "Other"])
    named = named.assign(customers=[300, 100], share_of_customers=[0.75, 0.25])
    assert findings.sizes_title(named) == (
        "“Buys often, spends much” are the largest segment with 75 % of the customers, Other the smallest with 25 %"
    )


def test_without_money_the_segment_ranked_first_is_told():
    profiles = pd.DataFrame(
        {
            "cluster_id": [1, 1, 2], "persona": ["P1", "P1", "P2"], "feature": ["age", "score", "age"], "label": ["age", "score", "age"],
            "unit": ["years", "points", "years"], "customers": 100, "mean": [33.0, 70.0, 41.0], "median": [30.0, 80.0, 40.0],
            "population_median": [40.0, 50.0, 0.0],
        }
    )  # fmt: skip
    assert findings.key_finding(segments("stable", "stable"), profiles) == (
        "P1, ranked first, are 50 % of the customers (100): score 80 points (60 % above all customers) and "
        "age 30 years (25 % below all customers)."
    )
    generated = segments("stable", "stable").assign(priority=None)
    assert findings.key_finding(generated, profiles).startswith("P1, one of the largest segments, are 50 % of the ")
    generated = generated.assign(customers=[100, 300], share_of_customers=[0.25, 0.75])
    assert findings.key_finding(generated, profiles) == "P2, the largest segment, are 75 % of the customers (300)."
    assert findings.deviations(profiles[profiles["cluster_id"] == 2]) == []
    assert findings.deviations(profiles.assign(median=[30.0, 120.0, 40.0]), most=1) == [
        "score 120 points (2.4 times that of all customers)"
    ]


def test_warnings_name_everything_that_is_doubtful():
    found = findings.warnings(
        FIT | {"silhouette": 0.2, "inertia": 66.0},
        segments("stable", "doubtful").assign(customers=[9, 191]),
        personas(
            cluster_id=[1, None], match_grade=["generated", "unmatched"], contradicted_traits=["age: too high", None]
        ),
        recommendation(5),
        is_synthetic=True,
    )
    assert found == [
        "The customers are synthetic: they show that the pipeline works, and say nothing about people.",
        "P1: age: too high.",
        "May not come back in new samples, by grade and Jaccard: P2 (doubtful, 0.60).",
        "Three segments are in use; the criteria recommend five.",
        "A better solution exists: the inertia here is 1.5 % above it.",
        "The segments are hardly separated (silhouette 0.20): many customers lie between two of them.",
        "Few customers, so typical values are volatile: P1 (9).",
        "No segment matches P2.",
        "No persona describes P1; the name comes from the figures.",
    ]


def test_there_is_nothing_to_warn_of_where_everything_holds():
    assert findings.warnings(FIT, segments("stable", "stable"), personas(), recommendation(3), is_synthetic=False) == []


@pytest.mark.parametrize(
    ("sizes", "title"),
    [
        ([81, 119], "Segments are of similar size, from 40.5 % (P1) to 59.5 % of the customers (P2)"),
        ([50, 50], "Both segments are of the same size: 50 % of the customers each"),
        ([40, 20], "P1 are the largest segment with 66.7 % of the customers, P2 the smallest with 33.3 %"),
        ([7], "P1 are all customers"),
        ([40, 40, 20], "P1 and P2 are the largest segments with 40 % of the customers each, P3 the smallest with 20 %"),
    ],
)
def test_the_largest_and_the_smallest_segment_are_named_where_they_differ(sizes, title):
    rows = segments(*["stable"] * len(sizes)).assign(
        customers=sizes, share_of_customers=[n / sum(sizes) for n in sizes]
    )
    assert findings.sizes_title(rows) == title


def test_personas_are_told_by_what_the_data_contradicts():
    assert findings.personas_title(personas()) == "Two personas, and no trait is contradicted by the data"
    contradicted = personas(contradicted_traits=["age: too high", None])
    assert findings.personas_title(contradicted) == "The data contradicts a claim about one of two personas"
    generated = personas(contradicted_traits=["age: too high", None], match_grade=["good", "generated"])
    assert findings.personas_title(generated) == "The data contradicts a claim about the only persona"
    nobody = personas(match_grade="generated")
    assert findings.personas_title(nobody) == "No persona is described, so the figures name the segments"


@pytest.mark.parametrize(
    ("coverage", "prose", "sentence"),
    [
        ([1.0, 1.0], ["old", "young"], "Simple rules put 97 % of the customers into their segment, and each catches all customers of its own."),
        ([0.9, 1.0], ["old", "young"], "Simple rules put 97 % of the customers into their segment; the weakest is that of P1, which catches 90 % of them."),
        ([0.0, 1.0], [None, "young"], "Simple rules put 97 % of the customers into their segment; of two segments, one has no short rule."),
        ([0.0, 0.0], [None, None], "Simple rules put 97 % of the customers into their segment; of two segments, two have no short rule."),
    ],
)  # fmt: skip
def test_the_weakest_rule_is_named_where_there_is_one(coverage, prose, sentence):
    rules = pd.DataFrame({"persona": ["P1", "P2"], "coverage": coverage, "rule_prose": prose, "fidelity": 0.97})
    assert findings.rules_sentence(rules) == sentence


def test_names_that_come_from_figures_are_not_lost_with_another_number_of_segments():
    in_use = pd.DataFrame({"persona": ["Young", "Old"], "match_distance": None, "is_in_use": True})
    others = pd.DataFrame({"persona": [None] * 3, "match_distance": None, "is_in_use": False})
    assert findings.alternative_title(others, in_use) == "Three segments"
    described = in_use.assign(match_distance=[0.2, None])
    assert findings.alternative_title(others, described) == "Three segments: none for Young and three without a persona"


def test_one_segment_of_all_customers_is_not_compared_with_them():
    one = segments("stable").assign(customers=30)
    profiles = pd.DataFrame({"cluster_id": [1], "feature": ["age"], "label": ["age"], "unit": ["years"]})
    assert findings.key_finding(one, profiles) == "P1 are everyone: 30 customers."


def test_segments_that_have_lost_their_customers_need_no_persona():
    kept = segments("stable", "stable").head(1)
    found = findings.warnings(FIT, kept, personas(match_grade="generated"), recommendation(3), is_synthetic=False)
    assert found == ["No persona describes P1; the name comes from the figures."]


@pytest.mark.parametrize(
    ("eta_squared", "effect", "sentence"),
    [
        (
            0.0031,
            "negligible",
            "Gender says almost nothing: it explains at most 0.3 % of the variance of any feature.",
        ),
        (0.2, "large", "Gender says most about spending score: it explains 20 % of its variance (large effect)."),
        (None, "not applicable", "Gender cannot be compared with any feature."),
    ],
)
def test_categories_are_told_by_their_effect(eta_squared, effect, sentence):
    effects = pd.DataFrame(
        [{"category": "gender", "feature": "spending_score", "eta_squared": eta_squared, "effect": effect}]
    ).astype({"eta_squared": float})
    assert findings.category_sentence(effects, "gender", {"spending_score": "spending score"}) == sentence


def test_another_algorithm_that_separates_better_is_named_with_its_price():
    comparison = pd.DataFrame(
        {
            "algorithm": ["K-Means", "Ward", "HDBSCAN"], "silhouette": [0.55, 0.54, 0.61], "adjusted_rand_index": [1, 0.9, 0.5],
            "clusters": [5, 5, 3], "noise_customers": [0, 0, 42], "noise_share": [0, 0, 0.21],
        }
    )  # fmt: skip
    assert findings.algorithms_sentence(comparison) == (
        "Ward agrees best with K-Means (adjusted Rand index 0.90). HDBSCAN separates better (silhouette 0.61 against 0.55) "
        "with three segments, but leaves 21 % of the customers unassigned and is judged without them."
    )
    assert findings.algorithms_sentence(comparison.head(2)).endswith("None separates the customers better.")


def test_features_that_do_not_go_together_are_called_so():
    correlations = pd.DataFrame({"feature": ["age"], "other_feature": ["income"], "spearman": [0.02]})
    assert findings.correlation_sentence(correlations, {}) == (
        "No two features move together; the closest are age and income (rank correlation 0.02)."
    )


def test_next_steps_do_not_advise_campaigns_for_synthetic_customers():
    one = {
        "title": "Mall",
        "is_synthetic": True,
        "first": "P1",
        "campaign": "Sale",
        "recommended": 4,
        "doubtful": ["P2"],
        "contradicted": [],
    }
    steps = findings.next_steps([one])
    assert not [step for step in steps if "Sale" in step]
    assert steps[0] == "Mall: try four segments, as the criteria recommend."
    assert "Replace the synthetic customers of Mall with your own data." in steps
    assert "Mall: try Sale with P1, against a control group." in findings.next_steps([one | {"is_synthetic": False}])


def test_published_results_are_counted_by_verdict():
    checks = pd.DataFrame({"verdict": ["error", "confirmed", "error", "local optimum"]})
    assert findings.checks_sentence(checks) == (
        "Four published figures, recomputed: one confirmed, one at a local optimum and two in error."
    )


@pytest.mark.parametrize(
    ("drift", "sentence"),
    [
        ([], ""),
        (["none", "small"], "Today's customers are like those of the model that was in use before."),
        (
            ["medium", "large"],
            "Today's customers differ from those of the model that was in use before: income (large drift) and distance "
            "to the own center (medium drift).",
        ),
    ],
)
def test_drift_is_told_from_a_medium_one_on(drift, sentence):
    checks = pd.DataFrame(
        {"measure": ["distance", "annual_income_k"], "drift": drift, "effect": [0.3, 0.6]} if drift else []
    )
    assert findings.drift_sentence(checks, {"annual_income_k": ("income", "k$")}) == sentence


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        (
            "5 segments separate customers best (silhouette 0.55) among the numbers of segments that are stable across "
            "samples. 6 of 7 criteria pick 5. Showing 5: k is auto, so the recommendation is used.",
            "Unter den Segmentzahlen, die über Stichproben hinweg stabil sind, trennen 5 Segmente die Kunden am besten "
            "(Silhouette 0,55). Für 5 sprechen 6 von 7 Kriterien. Gezeigt werden 5 Segmente: k steht auf auto, also gilt "
            "die Empfehlung.",
        ),
        (
            "No number of segments from 2 to 10 is stable across samples; 3 comes closest. 0 of 7 criteria pick 3. "
            "Showing 4 because segmentations.csv sets k = 4.",
            "Keine Segmentzahl von 2 bis 10 ist über Stichproben hinweg stabil; am nächsten kommen 3 Segmente. Für 3 "
            "sprechen 0 von 7 Kriterien. Gezeigt werden 4 Segmente, weil segmentations.csv k = 4 festlegt.",
        ),
        ("So it is.", "So it is."),
    ],
)
def test_the_choice_of_k_is_translated_from_the_sentence_of_the_table(german, sentence, told):
    table = recommendation(5).assign(sentence=sentence)
    assert findings.choice_sentence(table) == told
    use_locale("en")
    assert findings.choice_sentence(table) == sentence


@pytest.mark.parametrize(
    ("traits", "told"),
    [
        (
            "age: claimed very high (at least 55.5 years), found 48; income: claimed about $70k ($60k to $1.5M), found $5k",
            "age: laut Persona sehr hoch (mindestens 55,5 years), gefunden 48; "
            "income: laut Persona etwa 70_Tsd._$ (60_Tsd._$ bis 1,5_Mio._$), gefunden 5_Tsd._$",
        ),
        ("age: too high", "age: too high"),
    ],
)
def test_contradicted_traits_are_translated_from_the_table(german, traits, told):
    assert findings.contradictions(traits) == told.replace("_", "\N{NO-BREAK SPACE}")


def test_a_number_of_segments_takes_its_form_in_german(german):
    assert findings.stability_title(segments("stable", "stable")) == "Beide Segmente kehren in neuen Stichproben wieder"
    assert findings.stability_title(segments("stable", "doubtful", "doubtful")) == (
        "Eines von drei Segmenten kehrt in neuen Stichproben wieder"
    )
    assert findings.stability_sentence(segments("stable", "doubtful")).endswith("P2 (zweifelhaft, 0,60) dagegen nicht.")


def test_reasons_of_rejected_rows_are_translated(german):
    rejections = pd.DataFrame({"reason": ["missing", "in the future: after 2024-12-31"], "rejected_rows": [1200, 3]})
    assert findings.rejected_sentence({"input_rows": 12030, "rejected_rows": 1203}, rejections) == (
        "12.030 Zeilen gelesen, davon 1.203 (10\N{NO-BREAK SPACE}%) abgewiesen: fehlend (1.200) und in der Zukunft: nach "
        "2024-12-31 (3)."
    )


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ("annual income over €39k up to €70k", "annual income über 39_Tsd._€ bis 70_Tsd._€"),
        (
            "rent and food over €1,250 and age of the customer and partner up to 40.5 years",
            "rent and food über 1.250_€ und age of the customer and partner bis 40,5 years",
        ),
        ("a over 1, b up to 2 points, c over -3", "a über 1, b bis 2 points, c über -3"),
        ("a over 1; or a up to 0 and b over 2", "a über 1; oder a bis 0 und b über 2"),
        (NO_RULE, "keine kurze Regel beschreibt dieses Segment"),
        ("everyone", "alle"),
    ],
)
def test_a_rule_is_translated_from_the_table(german, rule, told):
    assert rule_retold(rule) == told.replace("_", "\N{NO-BREAK SPACE}")
    use_locale("en")
    assert rule_retold(rule) == rule


def test_the_figures_of_a_headline_are_written_as_the_locale_does(german):
    headline = "High income (€79k), spends much (€1,593), bought lately (2.5 days), older (than most)"
    assert figures_retold(headline) == (
        "High income (79_Tsd._€), spends much (1.593_€), bought lately (2,5 days), older (than most)"
    ).replace("_", "\N{NO-BREAK SPACE}")
    assert figures_retold("No customers any more") == "Keine Kunden mehr"
    use_locale("en")
    assert figures_retold(headline) == headline


def test_how_a_column_was_read_is_translated(german):
    notes = ["read as number; commas mark decimals; its name says k$", "no such column; left empty", "3 x 4; as it is"]
    columns = pd.DataFrame({"column_found": "c", "read_as": "d", "note": notes, "values_used": 1, "values_rejected": 0})
    assert [row[2] for row in columns_table(columns).rows] == [
        "gelesen als Zahl; Komma vor Dezimalstellen; laut Name in k$", "keine solche Spalte; leer gelassen", "3 x 4; as it is",
    ]  # fmt: skip


def test_why_a_new_customer_has_no_segment_is_translated(german):
    told = "age is missing; annual income of 1234.5 is not possible, expected 0 to 1000; score is not a number: viel"
    assert problem_text(told) == (
        "age fehlt; annual income von 1234,5 ist nicht möglich, erwartet 0 bis 1000; score ist keine Zahl: viel"
    )
    outside = {"is_outside_seen_range": True, "outside_reason": "age of 99, seen 18 to 70; income of 2.5, seen 5 to 70"}
    assert doubts({"is_borderline": False} | outside) == [
        "keinem Kunden des Modells ähnlich: age von 99, bekannt 18 bis 70; income von 2,5, bekannt 5 bis 70"
    ]
