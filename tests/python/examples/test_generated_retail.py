"""The synthetic retailer: the same rows everywhere, and what its description promises."""

from dataclasses import dataclass

import duckdb
import numpy as np
import pytest
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score

from helpers.projects import copy_project

TABLES = ["generated_retail_customers", "generated_retail_transactions"]
DEFAULT_SIZE = 6000
# so many that DuckDB makes the transactions on several threads; with fewer it has no work for a second one
PARALLEL_SIZE = 150_000
# Rows, and the sum over all rows of the first 60 bits of the md5 of the row: changes with any value of any row, not with
# their order. DuckDB 1.2 and 2.0 agree on them, with one thread and with four.
FINGERPRINTS = {
    (300, "generated_retail_customers"): (300, 166704795726314154241),
    (300, "generated_retail_transactions"): (4168, 2410026211374316646115),
    (DEFAULT_SIZE, "generated_retail_customers"): (6000, 3441571780754568888276),
    (DEFAULT_SIZE, "generated_retail_transactions"): (83947, 48425632390595584212849),
    (PARALLEL_SIZE, "generated_retail_transactions"): (2119303, 1222598492326291171076560),
}
AMOUNTS = {300: "302443.71", DEFAULT_SIZE: "6037892.21"}


@dataclass(frozen=True)
class Retailer:
    """A warehouse with the two views, whose settings a test chooses when it reads them."""

    warehouse: str

    def query(self, sql: str, threads: int = 2) -> list[tuple]:
        with duckdb.connect(config={"threads": threads}) as session:
            session.execute(f"attach '{self.warehouse}' as warehouse (read_only)")
            session.execute("use warehouse.inputs")
            return session.execute(sql).fetchall()

    def fingerprint(self, table: str, threads: int) -> tuple[int, int]:
        columns = [name for name, *_ in self.query(f"describe {table}")]
        row = " || '|' || ".join(f"coalesce(cast({column} as varchar), 'null')" for column in columns)
        sql = f"select count(*), sum(cast('0x' || substr(md5({row}), 1, 15) as bigint)) from {table}"
        return self.query(sql, threads)[0]


def generated(folder, size: int) -> Retailer:
    project = copy_project(folder)
    run = project.dbt(
        "run", "--select", *TABLES, "generated_retail_habits", "--vars", f"{{generated_retail_customers: {size}}}"
    )
    assert run.returncode == 0, run.stdout
    return Retailer(str(project.database))


@pytest.fixture(scope="module")
def retailers(tmp_path_factory) -> dict[int, Retailer]:
    return {size: generated(tmp_path_factory.mktemp("retailer") / str(size), size) for size in (300, DEFAULT_SIZE)}


@pytest.fixture(scope="module")
def materialised(retailers, tmp_path_factory) -> Retailer:
    """The retailer of default size as tables: `customers`, `transactions`, and `histories` with one row per customer."""
    warehouse = str(tmp_path_factory.mktemp("tables") / "tables.duckdb")
    with duckdb.connect(warehouse) as session:
        session.execute(f"attach '{retailers[DEFAULT_SIZE].warehouse}' as warehouse (read_only)")
        session.execute("create schema inputs")
        session.execute("use tables.inputs")
        session.execute("create table customers as from warehouse.inputs.generated_retail_customers")
        session.execute("create table transactions as from warehouse.inputs.generated_retail_transactions")
        session.execute(
            """
            create table histories as
            select
                customers.*,
                count(transaction_id) as transactions,
                count(*) filter (amount > 0 and status = 'completed') as frequency,
                coalesce(sum(amount) filter (status = 'completed'), 0) as monetary,
                date '2024-12-31' - max(transaction_date) filter (amount > 0 and status = 'completed') as recency
            from customers
            left join transactions using (customer_id)
            group by all
            """
        )
    return Retailer(warehouse)


@pytest.mark.parametrize("threads", [1, 4])
@pytest.mark.parametrize(("size", "table"), [(size, table) for size in (300, DEFAULT_SIZE) for table in TABLES])
def test_every_row_is_as_it_always_was(retailers, size, table, threads):
    assert retailers[size].fingerprint(table, threads) == FINGERPRINTS[size, table]


@pytest.mark.slow
def test_threads_that_share_the_work_make_the_same_rows(tmp_path):
    table = "generated_retail_transactions"
    retailer = generated(tmp_path / "parallel", PARALLEL_SIZE)
    assert retailer.fingerprint(table, threads=4) == FINGERPRINTS[PARALLEL_SIZE, table]


def test_amounts_add_up_to_the_cent(retailers):
    sql = "select cast(sum(amount) as varchar) from generated_retail_transactions"
    assert {size: retailer.query(sql)[0][0] for size, retailer in retailers.items()} == AMOUNTS


@pytest.mark.parametrize("table", TABLES)
def test_fewer_customers_are_the_first_of_more(retailers, table):
    fewer = retailers[300].query(f"from {table} order by input_row_number")
    more = retailers[DEFAULT_SIZE].query(f"from {table} order by input_row_number limit {len(fewer)}")
    assert fewer == more


@pytest.mark.parametrize(("table", "key"), [("customers", "customer_id"), ("transactions", "transaction_id")])
def test_rows_are_numbered_without_gaps_and_ids_sort_like_numbers(materialised, table, key):
    ((rows, keys, numbers, first, last, out_of_order),) = materialised.query(
        f"""
        select
            count(*), count(distinct {key}), count(distinct input_row_number), min(input_row_number), max(input_row_number),
            count(*) filter (place <> input_row_number)
        from (select *, row_number() over (order by {key}) as place from {table})
        """
    )
    assert rows == keys == numbers == last
    assert first == 1
    assert out_of_order == 0


def test_customers_have_gaps_and_impossible_values_in_the_promised_shares(materialised):
    ((gender, age, income, impossible_age, impossible_income),) = materialised.query(
        """
        select
            avg(cast(gender is null as int)), avg(cast(age is null as int)), avg(cast(annual_income_k is null as int)),
            count(*) filter (age not between 18 and 100), count(*) filter (annual_income_k <= 0)
        from customers
        """
    )
    assert 0.005 < gender < 0.015
    assert 0.01 < age < 0.02
    assert 0.01 < income < 0.02
    assert 1 <= impossible_age <= 15
    assert 1 <= impossible_income <= 15


def test_planted_groups_have_their_shares_and_incomes(materialised):
    groups = materialised.query(
        """
        select planted_group, round(count(*) / sum(count(*)) over (), 2), round(median(annual_income_k), -1)
        from customers group by planted_group order by planted_group
        """
    )
    assert [group for group, *_ in groups] == ["frequent", "high_income", "occasional"]
    assert [share for _, share, _ in groups] == pytest.approx([0.30, 0.25, 0.45], abs=0.02)
    assert [income for *_, income in groups] == pytest.approx([60, 110, 30], abs=10)


def test_dates_stay_within_the_two_years_and_after_the_sign_up(materialised):
    ((first, last, bought_on_last_day, before_sign_up),) = materialised.query(
        """
        select
            cast(min(transaction_date) as varchar), cast(max(transaction_date) as varchar),
            count(*) filter (transaction_date = date '2024-12-31' and amount > 0 and status = 'completed'),
            count(*) filter (transaction_date < signed_up_on)
        from transactions inner join customers using (customer_id)
        """
    )
    assert (first, last, before_sign_up) == ("2023-01-01", "2024-12-31", 0)
    assert bought_on_last_day > 0
    ((first_sign_up, last_sign_up),) = materialised.query(
        "select cast(min(signed_up_on) as varchar), cast(max(signed_up_on) as varchar) from customers"
    )
    assert (first_sign_up, last_sign_up) == ("2021-01-01", "2024-12-15")


def test_most_is_bought_in_december_and_little_in_summer(materialised):
    months = materialised.query(
        """
        select extract(year from transaction_date) as year_number, array_agg(purchases order by month_number)
        from (
            select date_trunc('year', transaction_date) as transaction_date, month(transaction_date) as month_number,
                count(*) as purchases
            from transactions where amount > 0 group by all
        )
        group by all
        """
    )
    assert len(months) == 2
    for _, purchases in months:
        assert max(purchases) == purchases[11] > 1.7 * np.mean(purchases)
        assert max(purchases[6:8]) < min(purchases[4], purchases[9])


def test_a_return_takes_back_all_or_half_of_the_purchase_before_it(materialised):
    returns = materialised.query(
        """
        select
            amount, quantity, status, amount_before, quantity_before, status_before, days, transaction_date,
            category = category_before and channel = channel_before and customer_id = customer_before
        from (
            select
                *,
                lag(amount) over numbers as amount_before,
                lag(quantity) over numbers as quantity_before,
                lag(status) over numbers as status_before,
                lag(category) over numbers as category_before,
                lag(channel) over numbers as channel_before,
                lag(customer_id) over numbers as customer_before,
                transaction_date - lag(transaction_date) over numbers as days
            from transactions
            window numbers as (order by input_row_number)
        )
        where amount < 0 or quantity < 0
        """
    )
    ((rows, cancelled),) = materialised.query(
        "select count(*), count(*) filter (status = 'cancelled') from transactions"
    )
    assert 0.04 < len(returns) / rows < 0.05
    assert 0.025 < cancelled / rows < 0.035
    shares = set()
    for amount, quantity, status, amount_before, quantity_before, status_before, days, day, same in returns:
        assert same
        assert status == status_before == "completed"
        assert amount / amount_before == quantity / quantity_before
        assert 1 <= days <= 30 or (days == 0 and str(day) == "2024-12-31")
        shares.add(quantity / quantity_before)
    assert shares == {-1, -0.5}


def test_some_never_buy_some_buy_once_and_some_stop(materialised):
    ((per_customer, without, once, recent, long_ago),) = materialised.query(
        """
        select
            avg(transactions), avg(cast(frequency = 0 as int)), avg(cast(frequency = 1 as int)),
            avg(cast(recency <= 30 as int)), avg(cast(recency > 180 as int))
        from histories
        """
    )
    assert 10 < per_customer < 16
    assert 0.06 < without < 0.10
    assert 0.06 < once < 0.15
    assert recent > 0.4
    assert long_ago > 0.15


def test_income_frequency_and_value_go_together_also_within_groups(materialised):
    columns = "ln(annual_income_k), ln(1 + frequency), ln(1 + greatest(monetary, 0))"
    known = f"select {columns} from histories where annual_income_k > 0"

    def correlations(sql: str) -> tuple[float, float, float]:
        income, frequency, value = np.array(materialised.query(sql)).T
        return tuple(np.corrcoef(a, b)[0, 1] for a, b in [(income, frequency), (income, value), (frequency, value)])

    assert np.all(np.greater(correlations(known), (0.35, 0.5, 0.8)))
    for group in ("high_income", "frequent", "occasional"):
        assert np.all(np.greater(correlations(f"{known} and planted_group = '{group}'"), (0.03, 0.08, 0.8)))


def test_k_means_finds_the_planted_groups_with_mistakes(materialised):
    rows = materialised.query(
        """
        select planted_group, annual_income_k, ln(1 + frequency), ln(1 + greatest(monetary, 0))
        from histories where annual_income_k > 0 order by input_row_number
        """
    )
    planted = np.array([row[0] for row in rows])
    values = np.array([row[1:] for row in rows], dtype=float)
    scaled = (values - values.mean(axis=0)) / values.std(axis=0)
    labels = KMeans(3, n_init=5, random_state=1).fit_predict(scaled)
    assert 0.5 < adjusted_rand_score(planted, labels) < 0.85
    occasional, frequent, high_income = sorted(
        [values[labels == label, 0].mean(), np.expm1(values[labels == label, 1]).mean()] for label in range(3)
    )
    assert high_income[0] > 90
    assert 45 < frequent[0] < 70
    assert occasional[0] < 40
    assert frequent[1] > 2 * high_income[1] > 4 * occasional[1]


def test_groups_differ_in_what_and_where_they_buy(materialised):
    categories, channels = materialised.query(
        """
        select list(distinct category order by category), list(distinct channel order by channel) from transactions
        """
    )[0]
    assert categories == ["beauty", "clothing", "electronics", "groceries", "home", "sports"]
    assert channels == ["app", "store", "web"]
    shares = dict(
        materialised.query(
            """
            select planted_group, avg(cast(category = 'groceries' as int))
            from transactions inner join customers using (customer_id) group by planted_group
            """
        )
    )
    assert shares["frequent"] > shares["occasional"] > shares["high_income"]
    ((in_store, elsewhere),) = materialised.query(
        """
        select avg(age) filter (channel = 'store'), avg(age) filter (channel <> 'store')
        from transactions inner join customers using (customer_id) where age between 18 and 100
        """
    )
    assert in_store > elsewhere + 2
