"""Each kind of data test goes red when its promise is broken in the warehouse."""

import duckdb
import pytest


@pytest.mark.parametrize(
    "broken",
    [
        # what no other test of the same run looks at
        {
            "insert into marts.segments from marts.segments limit 1": "segments_has_key",
            "insert into marts.customers from marts.customers limit 1": "customers_has_key",
            "update marts.customers set segment_key = 'gone:1' where customer_id = '1'": "customers_refers_to_segments",
            "update marts.segment_genders set gender = null": "segment_genders_has_key",
            "update marts.customer_segments set margin = 1.5": "customer_segments_distances_are_in_order",
            "update marts.segmentation_fits set inertia = null": "segmentation_fits_figures_are_possible",
            "delete from staging.stg_mall__customers where customer_id = '7'": "stg_mall__customers_and_rejected_rows_add_up",
            "delete from seeds.persona_campaigns where priority = 2": "assert_every_persona_has_two_campaigns",
            "update marts.customer_lifetime_value set money_365_days_low = null where customer_id = (select min(customer_id) "
            "from marts.customer_lifetime_value)": "assert_every_buyer_has_expectations",
        },
        {"delete from marts.customer_segments where cluster_id = 3": "assert_every_customer_is_assigned"},
        {"delete from marts.segments where cluster_id = 3": "assert_every_customer_is_assigned"},
        {"delete from marts.customers where rank = 1": "assert_customers_add_up"},
        {"update marts.customers set value = value + 1": "assert_customers_add_up"},
        {
            "update marts.alternative_segments set customers = customers + 1 where not is_in_use and cluster_id = 1": (
                "assert_alternative_segments_hold_every_customer"
            )
        },
        {
            # their sum stays the same
            "update marts.alternative_segments set customers = case cluster_id when 1 then customers - 1 when 2 then "
            "customers + 1 else customers end where is_in_use": "assert_alternative_segments_hold_every_customer"
        },
        {
            "update marts.segments set is_default = false where dataset = 'mall'": "assert_customers_add_up",
            "delete from marts.customers where dataset = 'mall'": "assert_customers_add_up",
        },
    ],
    ids=[
        "one promise per table",
        "customers without a row",
        "customers without a segment",
        "customers who are not counted",
        "money that no customer brought",
        "customers of alternative segments who are in none",
        "alternative segments that are not the published",
        "a dataset without a default segmentation",
    ],
)
def test_a_broken_promise_is_seen(rebuilt, broken):
    with duckdb.connect(str(rebuilt.database)) as warehouse:
        for change in broken:
            warehouse.execute(change)
    run = rebuilt.dbt("--warn-error", "test", "--select", *broken.values())
    assert run.returncode == 1, run.stdout
    for test in broken.values():
        assert f"Failure in test {test} " in run.stdout, run.stdout
