"""Each contradiction between the judgement seeds has its message."""

import shutil

import duckdb
import pytest


@pytest.fixture(scope="module")
def warehouse(built, tmp_path_factory):
    """A connection to a copy of the warehouse, under the name that its views use."""
    copy = tmp_path_factory.mktemp("judgement") / "warehouse.duckdb"
    shutil.copy(built.database, copy)
    with duckdb.connect(str(copy)) as connection:
        yield connection


def problems(warehouse, change: str) -> list[str]:
    """Change the seeds in the warehouse, return the messages and take the change back."""
    warehouse.execute("begin")
    try:
        warehouse.execute(change)
        return [
            message for (message,) in warehouse.execute("select message from judgement.judgement_problems").fetchall()
        ]
    finally:
        warehouse.execute("rollback")


def test_the_seeds_of_the_repository_have_no_problems(warehouse):
    assert problems(warehouse, "select 1") == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            "update seeds.segmentation_features set position = 0 where position = 1",
            "expected at least one feature and the positions 1",
        ),
        (
            "update seeds.persona_traits set value = -33 where value = 33",
            "persona luxury_shoppers, feature age, column value: found -33.0, expected a value from 10.0 to 110.0",
        ),
        (
            "update seeds.segmentations set k = 1 where segmentation = 'mall_six_personas'",
            "seeds/judgement/segmentations.csv, segmentation mall_six_personas, column k: found 1, expected a whole number "
            "from 2 to 200 (the usable customers of mall). Change k, or see rejected_rows for customers that could not be used.",
        ),
        (
            "update seeds.segmentations set segmentation = 'My-segments'",
            "column segmentation: found My-segments, expected lower-case letters, digits and underscores, a letter first",
        ),
        (
            "update seeds.trait_levels set level = '1st'",
            "column level: found 1st, expected lower-case letters, digits and",
        ),
        ("update seeds.segmentations set k = 201", "column k: found 201, expected a whole number from 2 to 200"),
        ("delete from population.feature_statistics", "column k: found 5, expected a whole number from 2 to 0"),
        ("update seeds.segmentations set k_min = 1", "column k_min: found 1 to 10, expected 2 or more"),
        (
            "update seeds.segmentations set k_max = 51",
            "column k_max: found 51, expected at most 50. Lower k_max, or raise the var largest_k_compared",
        ),
        (
            "update seeds.segmentations set k_min = 11",
            "column k_min: found 11 to 10, expected 2 or more, and no more than",
        ),
        (
            "update seeds.segmentations set scaling = 'log'",
            "column scaling: found log, expected standard, min_max or none",
        ),
        (
            "update seeds.segmentations set initialisation = 'x'",
            "column initialisation: found x, expected best_of_starts or",
        ),
        (
            "update seeds.segmentations set dataset = 'shop'",
            "column dataset: found shop, expected one of mall, retail, sales.",
        ),
        (
            "update seeds.segmentations set display_name = 'Six personas' where segmentation = 'mall_seven_personas'",
            "display_name Six personas, column segmentation: found mall_seven_personas, mall_six_personas, "
            "expected one segmentation of this name",
        ),
        (
            "update seeds.segmentations set display_name = null where segmentation = 'mall_six_personas';"
            "update seeds.segmentations set display_name = 'Mall six personas' where segmentation = 'sales_personas'",
            "display_name Mall six personas, column segmentation: found mall_six_personas, sales_personas",
        ),
        (
            "update seeds.dataset_names set display_name = 'Retailer' where dataset = 'sales'",
            "seeds/judgement/dataset_names.csv, display_name Retailer, column dataset: found retail, sales, "
            "expected one dataset of this name",
        ),
        (
            "update seeds.dataset_names set dataset = 'shop' where dataset = 'sales'",
            "column dataset: found shop, expected one of mall, retail, sales.",
        ),
        (
            "update seeds.segmentations set is_default = false",
            "dataset mall, column is_default: found 0 defaults, expected one",
        ),
        (
            "update seeds.segmentations set is_default = true",
            "dataset mall, column is_default: found 3 defaults, expected one",
        ),
        (
            "delete from seeds.segmentation_features",
            "column position: found 0 features, positions up to 0, expected at least",
        ),
        (
            "update seeds.segmentation_features set position = position + 1",
            "expected at least one feature and the positions 1",
        ),
        (
            "update seeds.segmentation_features set segmentation = 'x'",
            "column segmentation: found x, expected one of mall_inc",
        ),
        (
            "update seeds.segmentation_features set feature = 'height' where feature = 'age'",
            "seeds/judgement/segmentation_features.csv, segmentation mall_six_personas, column feature: found height, expected "
            "a feature of mall listed in seeds/judgement/features.csv.",
        ),
        (
            "update seeds.segmentation_features set transform = 'sqrt'",
            "column transform: found sqrt, expected none or log",
        ),
        ("update seeds.segmentation_features set weight = 0", "column weight: found 0.0, expected a number above 0"),
        (
            "update population.feature_statistics set maximum = minimum where feature = 'age'",
            "column feature: found age = 18.0 for every customer, expected a feature that differs between customers",
        ),
        (
            "update seeds.features set valid_minimum = 1e6",
            "column valid_minimum: found 1000000.0 to 110.0, expected a minimum",
        ),
        (
            "update seeds.trait_levels set typical_quantile = 1.5",
            "expected lowest, typical and highest quantile from 0 to 1",
        ),
        (
            "delete from seeds.trait_levels where level = 'medium'",
            "expected a row for medium with limits on both sides",
        ),
        (
            "delete from seeds.trait_levels where level = 'high'",
            "column level: found high, expected one of low, medium, very",
        ),
        (
            "update seeds.persona_definitions set segmentation = 'x'",
            "column segmentation: found x, expected one of mall_income",
        ),
        (
            "update seeds.persona_definitions set priority = 1",
            "with 5 ids, 5 display names and 1 priorities, expected as many",
        ),
        (
            "update seeds.persona_definitions set display_name = 'x'",
            "5 personas with 5 ids, 1 display names and 5 priorities",
        ),
        (
            "update seeds.persona_definitions set persona = 'all' where persona = 'budget_buyers'",
            "column persona: found all, expected any other name: results of experiments call all personas together so.",
        ),
        (
            "update seeds.persona_traits set persona = 'x' where persona = 'budget_buyers'",
            "seeds/judgement/persona_traits.csv, segmentation mall_six_personas, column persona: found x, expected a persona of",
        ),
        (
            "delete from seeds.persona_traits where persona = 'budget_buyers'",
            "found no trait of budget_buyers, expected at least",
        ),
        (
            "update seeds.persona_traits set feature = 'age'",
            "column feature: found age, expected a feature of the segmentation",
        ),
        (
            "update seeds.persona_traits set level = null",
            "column level: found no level and no value, expected either a level or",
        ),
        (
            "update seeds.persona_traits set value = 1",
            "column level: found high and 1.0, expected either a level or a value",
        ),
        (
            "update seeds.persona_traits set level = 'huge'",
            "column level: found huge, expected one of high, low, medium, very_h",
        ),
        ("update seeds.persona_traits set weight = -1", "column weight: found -1.0, expected a number above 0"),
        (
            "update seeds.segmentations set initialisation = 'personas' where segmentation = 'mall_six_personas'",
            "column initialisation: found personas, with 6 personas and 13 traits, expected 6 personas (k) with one trait for "
            "each of the 3 features",
        ),
        (
            "update seeds.segmentations set k = 8",
            "with 7 personas and 21 traits, expected 8 personas (k) with one trait for",
        ),
        (
            "update seeds.campaigns set assumed_cost_per_contact = -1",
            "column assumed_cost_per_contact: found -1.0, expected 0 or more. Correct the cost.",
        ),
        (
            "update seeds.persona_campaigns set segmentation = 'x'",
            "column segmentation: found x, expected one of mall_income",
        ),
        (
            "update seeds.persona_campaigns set persona = 'x'",
            "column persona: found x, expected a persona of this segmentation",
        ),
        (
            "update seeds.persona_campaigns set campaign = 'x'",
            "column campaign: found x, expected a campaign of seeds/judgement",
        ),
        (
            "update seeds.persona_campaigns set priority = 1",
            "column priority: found 2 campaigns with 1 priorities, expected a",
        ),
        (
            "update seeds.experiments set experiment = 'New Year'",
            "column experiment: found New Year, expected lower-case letters, digits and underscores, a letter first",
        ),
        (
            "update seeds.experiments set campaign = 'x'",
            "experiments.csv, experiment retail_new_year, column campaign: found x, expected a campaign of seeds/judgement",
        ),
        (
            "update seeds.experiments set segmentation = 'x'",
            "experiment retail_new_year, column segmentation: found x, expected one of mall_income",
        ),
        (
            "update seeds.experiments set personas = 'frequent_shoppers;heroes'",
            "experiment retail_new_year, column personas: found heroes, expected personas of retail_personas in seeds",
        ),
        ("update seeds.experiments set window_days = 0", "column window_days: found 0, expected 1 or more"),
        ("update seeds.experiments set window_days = -3", "column window_days: found -3, expected 1 or more"),
        (
            "update seeds.experiments set control_share = 1",
            "column control_share: found 1.0, expected a share above 0 and below 1. With 0 there is nothing to compare",
        ),
        ("update seeds.experiments set control_share = 0", "column control_share: found 0.0, expected a share above 0"),
        (
            "update seeds.experiments set outcome = 'Store visits'",
            "column outcome: found Store visits, expected bought, purchases, money, or the name of another outcome in lower",
        ),
        (
            "update seeds.experiments set outcome = 'money_per_purchase'",
            "column outcome: found money_per_purchase, expected bought, purchases, money, or the name of another outcome",
        ),
        (
            "update seeds.experiments set segmentation = 'mall_six_personas'",
            "column outcome: found money of mall, which has neither purchases nor outcomes, expected a dataset of the var",
        ),
        ("update seeds.experiments set minimum_control = 0", "column minimum_control: found 0, expected 1 or more"),
        (
            "insert into seeds.experiments select * replace ('again' as experiment) from seeds.experiments",
            "salt new_year_2025, column salt: found again, retail_new_year with the same salt, expected a salt of its own",
        ),
        (
            "update seeds.contact_rules set contact_gap_days = -1",
            "contact_rules.csv, dataset retail, column contact_gap_days: found -1, expected 0 or more",
        ),
        (
            "update seeds.contact_rules set consent_column = 'may_write'",
            "dataset retail, column consent_column: found may_write, expected a column of retail_customer_features",
        ),
        (
            "insert into seeds.contact_suppressions values ('shop', '1', 'x')",
            "contact_suppressions.csv, dataset shop, column dataset: found shop, expected one of mall, sales, retail",
        ),
        (
            "insert into recorded.recorded_enrolments (experiment, campaign_id, segmentation, starts_on, ends_on, "
            "control_share, outcome, salt) select experiment, campaign, segmentation, starts_on, starts_on + 30, 0.2, outcome, "
            "salt from seeds.experiments",
            "experiment retail_new_year, column control_share: found 0.5, expected 0.2, as recorded before the start on "
            "2025-01-01. Take the change back",
        ),
        (
            "insert into recorded.recorded_enrolments (experiment, campaign_id, segmentation, starts_on, ends_on, "
            "control_share, outcome, salt) select experiment, campaign, segmentation, starts_on, starts_on + 30, 0.5, outcome, "
            "salt from seeds.experiments",
            "experiment retail_new_year, column window_days: found 30, expected 31, as recorded before the start on 2025",
        ),
        (
            "insert into recorded.recorded_enrolments (experiment, campaign_id, segmentation, starts_on, ends_on, "
            "control_share, outcome, salt) select experiment, campaign, segmentation, starts_on, starts_on + 29, 0.5, outcome, "
            "'another' from seeds.experiments",
            "experiment retail_new_year, column salt: found new_year_2025, expected another, as recorded before the start on",
        ),
        (
            "update seeds.rfm_group_campaigns set dataset = 'mall' where dataset = 'sales' and rfm_group = 'loyal'",
            "seeds/judgement/rfm_group_campaigns.csv, rfm_group loyal, campaign cashback_card, column dataset: found mall, "
            "expected a dataset with rows in seeds/judgement/rfm_measures.csv. Correct the name, or define the measures",
        ),
        (
            "update seeds.rfm_group_campaigns set rfm_group = 'heroes' where rfm_group = 'champions'",
            "rfm_group_campaigns.csv, dataset sales, campaign premium_loyalty, column rfm_group: found heroes, expected one of "
            "about_to_sleep, at_risk",
        ),
        (
            "update seeds.rfm_group_campaigns set campaign = 'x' where rfm_group = 'promising'",
            "rfm_group_campaigns.csv, dataset retail, rfm_group promising, column campaign: found x, expected a campaign of "
            "seeds/judgement/campaigns.csv. Correct the name, or define the campaign there.",
        ),
        (
            "update seeds.rfm_group_campaigns set priority = 1",
            "rfm_group_campaigns.csv, dataset retail, rfm_group at_risk, column priority: found 2 campaigns with 1 priorities, "
            "expected a different campaign and priority in each row",
        ),
        (
            "delete from seeds.rfm_measures where dataset = 'sales' and measure = 'recency'",
            "rfm_measures.csv, dataset sales, column measure: found frequency, monetary, expected frequency, monetary, recency, once",
        ),
        (
            "insert into seeds.rfm_measures values ('mall', 'money', 'age', true, 'x')",
            "rfm_measures.csv, dataset mall, column measure: found money, expected frequency, monetary, recency",
        ),
        (
            "update seeds.rfm_measures set feature = 'mood' where measure = 'recency'",
            "rfm_measures.csv, dataset retail, measure recency, column feature: found mood, expected a feature of this dataset",
        ),
        (
            "update seeds.rfm_limits set score = 1 where measure = 'recency' and score = 5",
            "rfm_limits.csv, dataset retail, measure recency, column score: found 1 (1 rows), expected one row for each of 5, 4",
        ),
        (
            "insert into seeds.rfm_limits from seeds.rfm_limits where measure = 'frequency' and score = 2",
            "measure frequency, column score: found 2 (2 rows), expected one row",
        ),
        (
            "update seeds.rfm_limits set up_to = case score when 1 then 5 when 3 then 4 end where measure = 'frequency'",
            "measure frequency, column up_to: found 5.0 for score 1 and 4.0 for score 3, expected limits that grow",
        ),
        (
            "update seeds.rfm_limits set up_to = case score when 5 then 9 when 2 then 7 end where measure = 'recency'",
            "measure recency, column up_to: found 9.0 for score 5 and 7.0 for score 2, expected limits that grow",
        ),
        (
            "delete from seeds.rfm_grid where recency_score = 3 and value_score = 2",
            "rfm_grid.csv, recency_score 3, value_score 2, column rfm_group: found 0 rows, expected one row",
        ),
        (
            "update seeds.rfm_grid set rfm_group = 'heroes' where recency_score = 5 and value_score = 5",
            "recency_score 5, value_score 5, column rfm_group: found heroes, expected one of about_to_sleep, at_risk",
        ),
        (
            "delete from seeds.rfm_group_definitions where rfm_group = 'no_purchase'",
            "rfm_group_definitions.csv, rfm_group no_purchase, column rfm_group: found 0 rows, expected one row for the customers",
        ),
        (
            "update seeds.rfm_group_definitions set display_name = 'Lost' where rfm_group = 'hibernating'",
            "display_name Lost, column rfm_group: found hibernating, lost, expected one group of this name",
        ),
    ],
)
def test_a_contradiction_is_explained(warehouse, change, message):
    found = problems(warehouse, change)
    assert any(message in problem for problem in found), found
