"""What the warehouse makes of the models: every buyer has values, and snapshots hold nothing that came later."""

import numpy as np
import pandas as pd
import pytest

from customer_segmentation.lifetime_value.amounts import expected_amount_line
from customer_segmentation.lifetime_value.purchases import expected_purchases
from helpers.projects import ROOT


def test_a_customer_has_what_the_fitted_models_expect(built):
    parameters = {
        model: np.array(values)
        for model, values in built.published_query(
            "select model, list(value order by position) from lifetime_value_models "
            "where dataset = 'retail' and parameter <> 'correlation_with_purchases' group by model"
        )
    }
    columns = ("frequency", "recency", "age", "amount", "purchases", "money")
    rows = built.published_query(
        "select repeat_purchases, recency_weeks, age_weeks, mean_amount, expected_purchases_90_days, expected_money_365_days "
        "from customer_lifetime_value order by customer_id limit 50"
    )
    customers = pd.DataFrame(rows, columns=columns)
    known = [customers[name].to_numpy(dtype=float) for name in columns[:3]]
    assert customers["purchases"].to_numpy() == pytest.approx(
        expected_purchases(parameters["purchases"], *known, 90 / 7)
    )
    intercept, slope = expected_amount_line(parameters["amounts"], known[0] + 1)
    money = expected_purchases(parameters["purchases"], *known, 365 / 7) * (intercept + slope * customers["amount"])
    assert customers["money"].to_numpy() == pytest.approx(money.to_numpy())


def test_every_buyer_has_values_and_nobody_else(built):
    ((buyers, valued, without_money),) = built.published_query(
        """
        select
            (select count(*) from rfm_scores where dataset = 'retail' and purchase_history <> 'none'),
            (select count(*) from customer_lifetime_value),
            (select count(*) from customer_lifetime_value where expected_money_365_days is null)
        """
    )
    assert buyers == valued > 5000
    assert without_money == 0


def test_a_snapshot_holds_what_was_known_and_what_came_later(built):
    """Counted again from the transactions, whose days the snapshots never read."""
    differing = built.query(
        """
        with

        counted as (
            select
                inputs.snapshot,
                inputs.customer_id,
                count(*) filter (where opens_order and transaction_date <= known_until) - 1 as frequency,
                count(*) filter (where opens_order and transaction_date > known_until) as later_purchases,
                coalesce(sum(transactions.amount) filter (where transaction_date > known_until), 0) as later_money,
                (date_diff('day', min(transaction_date) filter (where is_purchase), any_value(known_until))) / 7.0 as age
            from intermediate.prediction_inputs as inputs
            inner join staging.stg_retail__transactions as transactions
                on inputs.customer_id = transactions.customer_id and transaction_date <= judged_until
            where status = 'completed'
            group by all
        )

        select
            count(*) filter (where inputs.frequency <> counted.frequency),
            count(*) filter (where inputs.later_purchases <> counted.later_purchases),
            count(*) filter (where abs(inputs.later_money - counted.later_money) > 0.001),
            count(*) filter (where abs(inputs.age_weeks - counted.age) > 0.5),
            count(*) filter (where recency_weeks > age_weeks or recency_weeks < 0),
            count(*) filter (where snapshot = 'known' and segment is not null) > 4000,
            count(distinct snapshot)
        from intermediate.prediction_inputs as inputs inner join counted using (snapshot, customer_id)
        """
    )
    assert differing == [(0, 0, 0, 0, 0, True, 2)]


def test_the_page_quotes_the_finding_and_the_models_without_a_dataset_of_purchases_say_nothing(built):
    ((finding,),) = built.published_query(
        "select finding from prediction_checks where outcome = 'money' and ranking = 'lifetime_value'"
    )
    page = (ROOT / "docs/lifetime_value.md").read_text(encoding="utf-8")
    assert finding in " ".join(page.replace("\n>", "\n").split())
    assert built.published_query("select distinct dataset from lifetime_value_models") == [("retail",)]
