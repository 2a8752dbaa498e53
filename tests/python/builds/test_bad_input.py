"""Mistakes in the seeds: each stops the build with one message in plain words, or rejects the row."""

from pathlib import Path

import pytest

SEGMENTATIONS = "seeds/judgement/segmentations.csv"
FIVE = "mall_income_spending,mall,5,2,10,standard,best_of_starts,always,0.1,true"
# what comes after the feature marts and the segments: the quality suites decide about the publication
JUDGED_AND_PUBLISHED = ["--select", "data_quality_results", "published_tables"]


def depends_on(file: str) -> list[str]:
    """Build a seed and what depends on it up to the fit, which is where a mistake in it shows."""
    return ["--select", f"{Path(file).stem}+,+fitted_clusters"]


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        pytest.param(
            SEGMENTATIONS, FIVE, FIVE.replace(",5,", ",five,"),
            f"{SEGMENTATIONS}, row 1, column k: found 'five', expected a whole number or the word auto.",
            id="text where a number belongs",
        ),
        pytest.param(
            SEGMENTATIONS, FIVE, FIVE.replace(",5,", ",,"),
            f"{SEGMENTATIONS}, row 1, column k: found nothing, expected a whole number or the word auto.",
            id="nothing where a number belongs",
        ),
        pytest.param(
            SEGMENTATIONS, FIVE, FIVE.replace(",5,", ",5.5,"),
            f"{SEGMENTATIONS}, row 1, column k: found '5.5', expected a whole number or the word auto.",
            id="a fraction where a whole number belongs",
        ),
        pytest.param(
            "seeds/judgement/segmentation_features.csv", "income_spending,1,annual_income_k,none,1,", "income_spending,1,annual_income_k,none,nan,",
            "seeds/judgement/segmentation_features.csv, row 1, column weight: found 'nan', expected a number.",
            id="a word that SQL takes for a number",
        ),
        pytest.param(
            SEGMENTATIONS, "scaling,", "skaling,",
            f"{SEGMENTATIONS}: the column scaling is missing.",
            id="a missing column",
        ),
        pytest.param(
            "seeds/raw/mall_customers.csv", "CustomerID,Gender,Age,", "CustomerID,Gender,Years,",
            "seeds/raw/mall_customers.csv: the column Age is missing. Found CustomerID, Gender, Years,",
            id="a missing column in the input",
        ),
        pytest.param(
            "seeds/judgement/features.csv", "retail,tenure_days,", "retail,tenures,",
            "seeds/judgement/features.csv: feature 'tenures' of dataset 'retail' is not a column of numbers in retail_customer_features.",
            id="a feature that the mart does not have",
        ),
        pytest.param(
            "seeds/judgement/features.csv", "retail,tenure_days,", "shop,tenure_days,",
            "seeds/judgement/features.csv: dataset 'shop' is not known. Expected one of mall, sales, retail.",
            id="a feature of an unknown dataset",
        ),
        pytest.param(
            "seeds/judgement/features.csv", "retail,age,", "retail,ages,",
            "seeds/judgement/input_definitions.csv, input retail_customers, column_name age, columns valid_minimum and valid_maximum: "
            "found nothing and nothing, expected two numbers, here or in seeds/judgement/features.csv.",
            id="a number without valid range",
        ),
        pytest.param(
            "seeds/judgement/input_definitions.csv", "mall_customers,3,age,number,", "mall_customers,3,age,numbr,",
            "seeds/judgement/input_definitions.csv, input mall_customers, column_name age, column kind: found numbr, expected one of",
            id="a kind of column that nobody knows",
        ),
        pytest.param(
            "seeds/judgement/input_synonyms.csv", "mall_customers,age,Alter", "mall_customers,age,Spending",
            "seeds/judgement/input_synonyms.csv: 'Spending' of the input mall_customers stands for both age and spending_score.",
            id="a spelling with two meanings",
        ),
        pytest.param(
            "seeds/judgement/persona_traits.csv", "mall_six_personas,budget_buyers,spending_score", "mall_sixx,budget_buyers,spending_score",
            "seeds/judgement/persona_traits.csv, persona budget_buyers, column segmentation: found mall_sixx, expected one of "
            "mall_income_spending, mall_seven_personas, mall_six_personas, retail_personas, retail_rfm, sales_personas. Correct the name",
            id="a persona of an unknown segmentation",
        ),
        pytest.param(
            "seeds/judgement/trait_levels.csv", "high,4,0.8,", "high,4,1.8,",
            "seeds/judgement/trait_levels.csv, level high, column typical_quantile: found 0.6, 1.8, 1.0, expected lowest,",
            id="a quantile above 1",
        ),
        pytest.param(
            SEGMENTATIONS, FIVE, FIVE.replace("mall_income_spending", "mall_six_personas"),
            f"{SEGMENTATIONS}, row 2: found 'mall_six_personas' again, after row 1, expected it once. Delete one of the rows",
            id="a segmentation that is defined twice",
        ),
        pytest.param(
            "seeds/judgement/input_values.csv", ",gender,f,female,", ",gender,female,male,",
            "seeds/judgement/input_values.csv, row 2: found 'gender, female' again, after row 1, expected it once.",
            id="a spelling with two meanings",
        ),
        pytest.param(
            SEGMENTATIONS, FIVE, FIVE.replace(",5,", ",99999999999,"),
            f"{SEGMENTATIONS}, row 1, column k: found '99999999999', expected a whole number or the word auto.",
            id="a number that is too large",
        ),
    ],
)  # fmt: skip
def test_a_mistake_in_a_seed(rebuilt, file, old, new, message):
    rebuilt.edit(file, old, new)
    rebuilt.assert_stopped_plainly(message, arguments=depends_on(file))


@pytest.mark.parametrize("file", ["seeds/raw/mall_customers.csv", "seeds/judgement/features.csv"])
def test_a_seed_without_rows(rebuilt, file):
    path = rebuilt.folder / file
    path.write_text(path.read_text().splitlines()[0] + "\n")
    rebuilt.assert_stopped_plainly(f"{file} has a header line but no rows", arguments=depends_on(file))


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (
            "coupon,Coupon",
            "seeds/judgement/campaigns.csv, line 24: Expected Number of Columns: 7 Found: 2 Found coupon,Coupon; expected one value",
        ),
        ("a,A,email,Offer,Hello, you,1,Estimate", "line 24: Expected Number of Columns: 7 Found: 8"),
        ('a,A,email,Offer,"Hello,1,Estimate', "line 24: Value with unterminated quote found."),
    ],
)
def test_a_row_that_does_not_fit_the_header(rebuilt, row, message):
    with (rebuilt.folder / "seeds/judgement/campaigns.csv").open("a") as file:
        file.write(row + "\n")
    rebuilt.assert_stopped_plainly(message, arguments=depends_on("campaigns"))


@pytest.mark.parametrize("content", ["", " \n"])
def test_an_empty_seed(rebuilt, content):
    (rebuilt.folder / "seeds/judgement/campaigns.csv").write_text(content)
    rebuilt.assert_stopped_plainly(
        "seeds/judgement/campaigns.csv is empty. Expected a header line with the columns",
        arguments=depends_on("campaigns"),
    )


def test_a_constant_feature(rebuilt):
    path = rebuilt.folder / "seeds/raw/mall_customers.csv"
    header, *rows = path.read_text().splitlines()
    path.write_text("\n".join([header, *(row.rsplit(",", 1)[0] + ",50" for row in rows)]) + "\n")
    rebuilt.assert_stopped_plainly(
        "segmentation_features.csv, segmentation mall_income_spending, column feature: found spending_score = 50.0 for every "
        "customer, expected a feature that differs between customers.",
        arguments=depends_on("mall_customers"),
    )


def test_a_failing_critical_expectation(rebuilt):
    rebuilt.edit("quality/mall/mall_customer_features.yml", "value_set: [female, male, unknown]", "value_set: [female]")
    rebuilt.assert_stopped_plainly(
        "critical: mall_customer_features.gender: expected column values to be in set (value_set ['female']); found 88 "
        "unexpected",
        arguments=JUDGED_AND_PUBLISHED,
    )


def test_a_failing_critical_expectation_publishes_nothing_where_tests_do_not_run(rebuilt):
    rebuilt.edit("quality/mall/mall_customer_features.yml", "value_set: [female, male, unknown]", "value_set: [female]")
    rebuilt.assert_stopped_plainly(
        "1 critical expectations are not met, so nothing is published. The first: mall_customer_features gender: expected",
        command="run",
        arguments=JUDGED_AND_PUBLISHED,
    )


def test_a_failing_warning_warns_and_publishes(rebuilt):
    rebuilt.edit("quality/mall/mall_customer_features.yml", "{min_value: 30}", "{min_value: 300}")
    run = rebuilt.dbt("build", *JUDGED_AND_PUBLISHED)
    assert run.returncode == 0
    assert (
        "warning: mall_customer_features: expected table row count to be between (min_value 300); found 200."
        in run.stdout
    )
    assert "WARN=1" in run.stdout
    assert rebuilt.published_query("select count(*) from data_quality_results where not success") == [(1,)]


def test_rows_that_cannot_be_used_are_kept_with_their_reason(rebuilt):
    path = rebuilt.folder / "seeds/raw/mall_customers.csv"
    path.write_text(path.read_text() + "201,Male,,50,50\n202,Male,abc,50,50\n203,Male,30,-5,50\n7,Female,35,18,99\n")
    read = ["mall_customers", "input_mall_customers", "stg_mall__customer_rows", "stg_mall__customers"]
    shown = ["mall_customer_features", "input_columns", "rejected_rows", "mall_data_differences", "published_tables"]
    run = rebuilt.dbt("build", "--indirect-selection", "cautious", "--select", *read, *shown)
    assert run.returncode == 0, run.stdout
    assert "WARN=1" in run.stdout  # the fingerprint: this is no longer the published data set
    assert "mall_data_differences: customers found 199, expected 200" in run.stdout
    rejected = rebuilt.published_query(
        "select row_number, customer_id, reason, raw_row from rejected_rows where input = 'mall_customers' order by 1"
    )
    assert rejected == [
        (7, "7", "duplicate id", "7,Female,35,18,6"),
        (201, "201", "missing", "201,Male,,50,50"),
        (202, "202", "not a number", "202,Male,abc,50,50"),
        (203, "203", "out of range", "203,Male,30,-5,50"),
        (204, "7", "duplicate id", "7,Female,35,18,99"),
    ]
    assert rebuilt.published_query("select count(*) from mall_customer_features") == [(199,)]


def test_more_and_fewer_clusters_than_personas_still_build(rebuilt):
    rebuilt.edit(SEGMENTATIONS, "mall_six_personas,mall,6", "mall_six_personas,mall,7")
    seven = "mall_seven_personas,mall,{},2,10,standard,{}"
    rebuilt.edit(SEGMENTATIONS, seven.format(7, "personas"), seven.format(4, "best_of_starts"))
    run = rebuilt.dbt("build", "--select", "segmentations+")
    assert run.returncode == 0, run.stdout
    expected = {
        "mall_six_personas": (7, {"good": 5, "fair": 1, "generated": 1}),
        "mall_seven_personas": (4, {"good": 4, "unmatched": 3}),
    }
    for segmentation, (k, grades) in expected.items():
        rows = rebuilt.published_query(
            f"select match_grade, persona, cluster_id from personas where segmentation = '{segmentation}'"
        )
        found = {grade: sum(row[0] == grade for row in rows) for grade in {row[0] for row in rows}}
        assert found == grades, rows
        assert sum(row[2] is not None for row in rows) == k
    # customers of a segment without persona are kept, and the missing campaign is warned about
    without_campaign = rebuilt.published_query(
        """
        select segmentation, count(*), count(campaign) < count(*) from customer_campaigns
        where segmentation in ('mall_six_personas', 'mall_seven_personas') group by all order by all
        """
    )
    assert without_campaign == [("mall_seven_personas", 200, False), ("mall_six_personas", 200, True)]
    assert "customer_campaigns_have_a_campaign" in run.stdout.split("Completed")[1]


def test_other_values_with_the_same_sums_are_not_the_published_data(rebuilt):
    rebuilt.edit(
        "seeds/raw/mall_customers.csv", "1,Male,19,15,39\n2,Male,21,15,81\n", "1,Male,19,15,81\n2,Male,21,15,39\n"
    )
    run = rebuilt.dbt("build", "--select", "mall_customers", "tag:dataset:mall", "--exclude", "mall_customer_features")
    assert "mall_data_differences: fingerprint found" in run.stdout
    assert "WARN=1" in run.stdout
