"""Purchase histories: features, history and RFM of the synthetic retailer, against pandas and against themselves."""

import json

import duckdb
import numpy as np
import pandas as pd
import pytest

from helpers.projects import RETAIL_CHAIN, Project, copy_built

SHARED = "recency_days, frequency, monetary_value, average_order_value, tenure_days, return_rate"


@pytest.fixture(scope="module")
def project(built_before, tmp_path_factory) -> Project:
    """A copy of the built project whose retail path the tests of this file run anew."""
    project = copy_built(built_before, tmp_path_factory.mktemp("retail") / "project")
    return project


def run_chain(project, **variables):
    run = project.dbt("run", "--select", *RETAIL_CHAIN, "--vars", json.dumps(variables))
    assert run.returncode == 0, run.stdout


def frame(project, sql):
    with duckdb.connect(str(project.database), read_only=True) as database:
        return database.execute(sql).df()


def test_features_equal_those_of_pandas(built):
    rows = frame(built, "select *, cast(amount as double) as paid from staging.stg_retail__transactions")
    rows = rows[rows["status"] == "completed"]
    bought = rows[rows["paid"] > 0].groupby("customer_id")
    as_of = pd.Timestamp("2024-12-31")
    expected = pd.DataFrame(
        {
            "recency_days": (as_of - bought["transaction_date"].max()).dt.days,
            "frequency": bought["transaction_id"].nunique(),
            "monetary_value": rows.groupby("customer_id")["paid"].sum(),
            "return_rate": -rows[rows["paid"] < 0].groupby("customer_id")["paid"].sum() / bought["paid"].sum(),
            "days_between_purchases": (bought["transaction_date"].max() - bought["transaction_date"].min()).dt.days
            / (bought["transaction_id"].nunique() - 1),
            "favourite_category_share": rows[rows["paid"] > 0].groupby(["customer_id", "category"])["paid"].sum().groupby("customer_id").max()
            / bought["paid"].sum(),
        }
    )  # fmt: skip
    found = frame(built, "from marts.retail_customer_features").set_index("customer_id")
    assert len(found) == built.query("select count(*) from staging.stg_retail__customers")[0][0]
    buyers = found[found["frequency"] > 0].sort_index()
    expected = expected.loc[buyers.index]
    expected["return_rate"] = expected["return_rate"].fillna(0)
    expected.loc[expected["frequency"] == 1, "days_between_purchases"] = np.nan
    for column in expected:
        np.testing.assert_allclose(
            buyers[column].astype(float), expected[column].astype(float), rtol=1e-9, atol=1e-9, err_msg=column
        )
    assert (found.loc[found["frequency"] == 0, "recency_days"].isna()).all()
    assert (found["frequency"] == 0).sum() > 300
    assert (found["purchase_history"] == "once").sum() > 300


def test_the_last_month_of_the_history_is_the_feature_mart(built):
    difference = f"""
        (select customer_id, {SHARED} from marts.retail_customer_history where month_end = '2024-12-31'
         except all select customer_id, {SHARED} from marts.retail_customer_features)
        union all
        (select customer_id, {SHARED} from marts.retail_customer_features
         except all select customer_id, {SHARED} from marts.retail_customer_history where month_end = '2024-12-31')
        """
    assert built.query(difference) == []
    assert built.query("select count(distinct month_end) from marts.retail_customer_history") == [(24,)]


def test_the_past_does_not_change_when_later_data_arrives(built, project, tmp_path):
    """Built from the first eighteen months alone, the history of these months is the same to the last digit."""
    with duckdb.connect(str(built.database), read_only=True) as database:
        database.execute(f"copy inputs.input_retail_customers to '{tmp_path}/customers.parquet'")
        for year, first, last in [(2023, "2023-01-01", "2023-12-31"), (2024, "2024-01-01", "2024-07-10")]:
            database.execute(
                f"""
                copy (from inputs.input_retail_transactions where transaction_date between '{first}' and '{last}')
                to '{tmp_path}/transactions_{year}.parquet'
                """
            )
    run_chain(
        project,
        retail_customers=f"{tmp_path}/customers.parquet",
        retail_transactions=f"{tmp_path}/transactions_*.parquet",
    )
    rows = "select count(*), count(distinct row_number), min(row_number), max(row_number)"
    ((count, *numbers),) = project.query(f"{rows} from staging.stg_retail__transaction_rows")
    assert numbers == [count, 1, count]  # rows of several files are numbered one after the other
    # whether customers are made up is said of the input: these files could be those of anybody
    history = "select * exclude (is_synthetic) from marts.retail_customer_history"
    early = project.query(f"{history} order by all")
    whole = built.query(f"{history} where month_end <= '2024-06-30' order by all")
    assert len(whole) > 60_000
    assert early == whole
    for one, is_synthetic in ((project, False), (built, True)):
        assert one.query("select distinct is_synthetic from marts.retail_customer_history") == [(is_synthetic,)]


def test_features_as_of_an_earlier_day_are_the_history_of_that_day(built, project):
    run_chain(project, as_of_date="2024-02-29")
    found = project.query(f"select customer_id, {SHARED} from marts.retail_customer_features order by all")
    history = built.query(
        f"select customer_id, {SHARED} from marts.retail_customer_history where month_end = '2024-02-29' order by all"
    )
    assert found == history
    assert project.query("select max(month_end) from marts.retail_customer_history") == project.query(
        "select as_of_date from staging.as_of_dates where dataset = 'retail'"
    )


@pytest.mark.parametrize(
    ("day", "message"),
    [
        ("yesterday", "The var as_of_date is 'yesterday'. Expected a date such as 2024-12-31"),
        ("2024-13-01", "The var as_of_date is '2024-13-01'. Expected a date such as 2024-12-31"),
        # the tests before it may have left other transactions
        ("1999-01-01", "The var as_of_date is 1999-01-01, before the first day of stg_retail__transactions ({first})"),
    ],
)
def test_an_impossible_as_of_date(project, day, message):
    ((first,),) = project.query("select min(transaction_date) from staging.stg_retail__transactions")
    run = project.dbt("run", "--select", "as_of_dates", "--vars", json.dumps({"as_of_date": day}))
    assert run.returncode != 0
    assert message.format(first=first) in " ".join(run.stdout.split())
    assert "Traceback" not in run.stdout


def test_customers_can_be_taken_from_the_transactions(project, tmp_path):
    (tmp_path / "orders.csv").write_text(
        "InvoiceNo;Kunden-ID;Datum;Betrag\n1;7;31.12.2023;10,50\n2;7;01.01.2024;-3,00\n3;C9;5.1.2024;1.000,00\n4;;5.1.2024;1\n"
    )
    given = {"retail_customers": "from_transactions", "retail_transactions": str(tmp_path / "orders.csv")}
    run_chain(project, **given)
    found = project.query(
        "select customer_id, age, recency_days, frequency, monetary_value from marts.retail_customer_features order by 1"
    )
    assert found == [("7", None, 5.0, 1.0, 7.5), ("C9", None, 0.0, 1.0, 1000.0)]
    assert project.query(
        "select row_number, explanation from staging.stg_retail__transaction_rows where reason is not null"
    ) == [(4, "customer_id: found nothing")]
    run = project.dbt("run", "--select", "datasets", "--vars", json.dumps(given))
    assert run.returncode == 0, run.stdout
    # the two customers were made, and not read
    assert project.query("select input_rows, rejected_rows from marts.datasets where dataset = 'retail'") == [(4, 1)]


def test_scores_follow_the_visible_thresholds(built):
    """Every customer's scores, recomputed from the published tables alone."""
    scores = built.published_query(
        """
        select measure, score, above, up_to, count(*) filter (where
            case measure when 'recency' then recency when 'frequency' then frequency else monetary end > coalesce(above, -1e9)
            and case measure when 'recency' then recency when 'frequency' then frequency else monetary end
                <= coalesce(up_to, 1e9)
        ),
        count(*) filter (where
            case measure when 'recency' then recency_score when 'frequency' then frequency_score else monetary_score end
            = score
        )
        from rfm_thresholds inner join rfm_scores using (dataset)
        where recency is not null
        group by dataset, measure, score, above, up_to
        """
    )
    assert len(scores) == 30
    assert all(row[4] == row[5] for row in scores)


def test_ties_are_never_split(built):
    split = built.published_query(
        """
        select dataset, frequency from rfm_scores where frequency_score is not null
        group by all having count(distinct frequency_score) > 1
        """
    )
    assert split == []


def test_all_eleven_groups_and_those_who_never_bought_have_customers(built):
    groups = built.published_query(
        "select rfm_group, customers, share_of_monetary from rfm_groups where dataset = 'retail' order by position"
    )
    assert len(groups) == 12
    assert all(customers > 0 for _, customers, _ in groups)
    assert groups[-1][0] == "No Purchase Yet"
    assert groups[-1][2] == 0
    assert sum(share for _, _, share in groups) == pytest.approx(1)
    assert sum(customers for _, customers, _ in groups) == built.published_query(
        "select count(*) from retail_customer_features"
    )[0][0]  # fmt: skip


def test_the_crossing_of_segments_and_groups_counts_every_customer_once(built):
    assert built.published_query(
        """
        select segmentation, sum(rfm_group_segments.customers) = max(segmentation_fits.customers)
        from rfm_group_segments inner join segmentation_fits using (segmentation) group by 1 order by 1
        """
    ) == [("retail_personas", True), ("sales_personas", True)]


def test_a_limit_in_the_seed_replaces_the_quintile(rebuilt):
    rebuilt.edit(
        "seeds/judgement/rfm_limits.csv",
        "retail,frequency,1,,Empty: 20 % of the buyers have at most this value",
        "retail,frequency,1,1,One-time buyers alone are seldom buyers",
    )
    run = rebuilt.dbt("build", "--select", "rfm_limits", "rfm_thresholds", "rfm_scores")
    assert run.returncode == 0, run.stdout
    assert rebuilt.query(
        "select up_to, origin from marts.rfm_thresholds where dataset = 'retail' and measure = 'frequency' and score = 1"
    ) == [(1.0, "seed")]
    assert rebuilt.query(
        """
        select distinct frequency_score = 1 as scored_1, purchase_history = 'once' as bought_once from marts.rfm_scores
        where dataset = 'retail' and recency is not null order by 1
        """
    ) == [(False, False), (True, True)]


def test_every_trait_of_the_synthetic_personas_is_checked(built):
    rows = built.published_query(
        """
        select segmentation, count(*), count(*) filter (where is_contradicted), count(*) filter (where is_contradicted is null)
        from persona_trait_checks where segmentation in ('retail_personas', 'sales_personas') group by 1 order by 1
        """
    )
    assert rows == [("retail_personas", 4, 0, 0), ("sales_personas", 11, 0, 0)]
    assert sorted(
        built.published_query(
            """
            select segmentation, match_grade, count(*) from personas
            where segmentation in ('retail_personas', 'sales_personas') group by all
            """
        )
    ) == [("retail_personas", "good", 3), ("sales_personas", "good", 5)]
