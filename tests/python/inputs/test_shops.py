"""Exports of shops: which money counts, whose it is, and what is said about the rest."""

import csv
import json
import random
import re
from contextlib import contextmanager
from decimal import Decimal

import duckdb
import pytest

from helpers.projects import RETAIL_CHAIN, ROOT, Project, copy_built

# the tests of transactions and of the account of their money
TESTS = ["stg_retail__transactions_*", "money_account_*"]
ACCOUNT = ["rejected_rows", "input_columns", "money_account"]


@pytest.fixture(scope="module")
def project(built_before, tmp_path_factory) -> Project:
    """A copy of the built project whose purchases the tests of this file exchange."""
    return copy_built(built_before, tmp_path_factory.mktemp("shops") / "project")


def write(path, header, rows):
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header.split(","), *rows])
    return path


def read(project, path, **variables):
    """Read a file of purchases as far as the features and the account of its money; return what is said on the way."""
    settings = json.dumps({"retail_customers": "from_transactions", "retail_transactions": str(path)} | variables)
    chosen = [*RETAIL_CHAIN, *ACCOUNT, *TESTS]
    run = project.dbt("build", "--indirect-selection", "empty", "--select", *chosen, "--vars", settings)
    assert "Failure in test" not in run.stdout, run.stdout
    return " ".join(run.stdout.split()) if run.returncode else run.stdout


def totals(project):
    """Return customers, orders and money of the feature mart."""
    ((customers, orders, money),) = project.query(
        "select count(*), sum(frequency), round(sum(monetary_value), 2) from marts.retail_customer_features"
    )
    return customers, orders, Decimal(str(money))


def rejected(project):
    return project.query(
        """
        select reason, count(*), round(sum(amount), 2) from marts.rejected_rows where input = 'retail_transactions'
        group by 1 order by 1
        """
    )


def money_in(project):
    return Decimal(str(project.query("select round(sum(amount), 2) from marts.money_account")[0][0]))


def invoice_lines():
    """Return lines of invoices as retailers export them: a price of one piece, and returns with a quantity below zero."""
    draw = random.Random(1)
    return [
        [f"{'C' if number % 20 == 7 else ''}{5000 + number}", "MUG", pieces, f"{day}/13/2024 8:26", price, f"{100 + number % 30}.0"]
        for number in range(90)
        for day, price in [(draw.randint(1, 12), round(draw.uniform(5, 80), 2))]
        for pieces in [-draw.randint(1, 5) if number % 20 == 7 else draw.randint(1, 5)]
    ]  # fmt: skip


@pytest.mark.parametrize("price", ["UnitPrice", "amount"])
def test_an_amount_is_quantity_times_unit_price_whatever_the_column_is_called(project, tmp_path, price):
    lines = invoice_lines()
    path = write(tmp_path / "invoices.csv", f"InvoiceNo,Description,Quantity,InvoiceDate,{price},CustomerID", lines)
    said = read(project, path)
    assert totals(project)[2] == money_in(project) == sum(Decimal(str(line[4])) * line[2] for line in lines)
    assert rejected(project) == []
    assert ("read as a unit price: 5 rows" in said) == (price == "amount")


def test_amounts_that_grow_with_quantities_but_lack_their_sign_are_critical(project, tmp_path):
    rows = [
        [order, order % 20, f"2024-03-{1 + order % 28:02}", 1 + order % 5, 10 * (1 + order % 5)] for order in range(60)
    ]
    rows[7][3] = -rows[7][3]
    path = write(tmp_path / "orders.csv", "order_id,customer_id,date,quantity,amount", rows)
    read(project, path)
    settings = json.dumps({"retail_customers": "from_transactions", "retail_transactions": str(path)})
    run = project.dbt("build", "--select", "data_quality_results", "--vars", settings)
    assert run.returncode != 0
    output = " ".join(run.stdout.split())
    assert "critical: stg_retail__transaction_rows.has_contradicting_signs" in output
    assert "If the column contains unit prices, rename it to unit_price" in output


SHOPIFY = (
    "Name,Email,Financial Status,Paid at,Currency,Subtotal,Total,Created at,Lineitem quantity,Lineitem name,Lineitem price,"
    "Cancelled at,Refunded Amount,Id"
)


def shopify_orders():
    """Return orders as Shopify exports them: further rows of an order hold its goods only."""
    states = [
        "paid",
        "paid",
        "partially_refunded",
        "refunded",
        "voided",
        "pending",
        "authorized",
        "paid",
        "paid",
        "paid",
    ]
    rows = []
    for number, state in enumerate(states * 2):
        day = f"2024-05-{1 + number:02} 22:00:00 +0100"
        refund = {"partially_refunded": "5.5", "refunded": "20.5"}.get(state, "0")
        mail = f"{'K' if number % 3 else 'k'}unde{number % 4}@example.com"
        currency = "SEK" if number == 9 else "EUR"
        cancelled = day if state == "voided" else ""
        rows.append(
            [
                f"#{1001 + number}",
                mail,
                state,
                day,
                currency,
                "15.5",
                "20.5",
                day,
                1,
                "Tee",
                "15.5",
                cancelled,
                refund,
                number,
            ]
        )
        rows += [[f"#{1001 + number}", mail, "", "", "", "", "", day, 2, "Bag", "9.9", "", "", ""]] * (number % 3)
    return rows  # fmt: skip


def test_an_export_of_shopify_counts_totals_once_less_refunds(project, tmp_path):
    path = write(tmp_path / "orders.csv", SHOPIFY, shopify_orders())
    said = read(project, path)
    # of twenty orders two are voided, two pending, two authorized, one is in another currency
    net = 13 * Decimal("20.5") - 2 * Decimal("5.5") - 2 * Decimal("20.5")
    assert totals(project) == (4, 13, net)
    assert money_in(project) == 20 * Decimal("20.5")
    assert [row[:2] for row in rejected(project)] == [("another currency", 1)]
    assert "amounts in SEK are left out, because currencies are never added: 1 rows, total amount 20.50" in said
    note = "select note from marts.input_columns where input = 'retail_transactions' and column_found = 'Currency'"
    assert "EUR in 19 rows, SEK in 1 rows; amounts in EUR count" in project.query(note)[0][0]
    assert project.query(
        """
        select status_found, status_read_as, sum(input_rows), sum(counted_amount) from marts.money_account
        where status_found is not null group by all order by 1
        """
    ) == [
        ("authorized", "open", 2, 0),
        ("paid", "completed", 10, 184.5),
        ("partially_refunded", "partially_refunded", 2, 30),
        ("pending", "open", 2, 0),
        ("refunded", "refunded", 2, 0),
        ("voided", "cancelled", 2, 0),
    ]


@pytest.mark.parametrize(
    ("currency", "money"), [(None, None), ("USD", None), ("eur", "20"), ("SEK", "200"), ("converted", "220")]
)
def test_the_currency_to_count_is_asked_for_where_none_is_the_main_one(project, tmp_path, currency, money):
    rows = [[n, n % 4, "2024-05-01", 10 if n % 2 else 100, "EUR" if n % 2 else "SEK", "x"] for n in range(4)]
    path = write(tmp_path / "orders.csv", "order_id,customer_id,date,amount,currency,category", rows)
    said = read(project, path, **({"transaction_currency": currency} if currency else {}))
    if money:
        assert totals(project)[2] == Decimal(money)
        assert "currencies are never added" not in said
    elif currency:
        assert "The var transaction_currency is 'USD', but no row of the input retail_transactions" in said
    else:
        assert "found several currencies (EUR in 2 rows, SEK in 2 rows), which cannot be added" in said
        assert "'{transaction_currency: EUR}'" in said


WOOCOMMERCE = (
    "order_id,order_number,order_date,status,order_total,transaction_id,customer_id,customer_email,line_item_1"
)


def woocommerce_orders(mail=True):
    """Return orders as WooCommerce exports them: guests are customer 0, the gateway's id is often empty."""
    states = ["completed", "wc-processing", "on-hold", "wc-refunded", "failed", "Completed"]
    return [
        [
            2000 + number, 2000 + number, f"2024-05-{1 + number:02}", states[number % 6], "10.5",
            "" if number % 2 else f"ch_{number}", 0 if number % 4 == 0 else 1 + number % 7,
            "" if not mail else f"G{number % 3}@example.com " if number % 4 == 0 else f"c{1 + number % 7}@example.com", "Tee",
        ]
        for number in range(24)
    ]  # fmt: skip


def test_an_export_of_woocommerce_tells_guests_apart_and_takes_the_id_of_the_order(project, tmp_path):
    read(project, write(tmp_path / "orders.csv", WOOCOMMERCE, woocommerce_orders()))
    assert totals(project) == (10, 12, Decimal("126"))  # three guests and seven customers, half of the orders revenue
    notes = dict(
        project.query("select column_found, note from marts.input_columns where input = 'retail_transactions'")
    )
    assert notes["transaction_id"].startswith("could also be transaction_id, but order_id is filled in every row")
    assert notes["customer_id"] == (
        "not used: 6 rows have no customer (0); customer_email, filled in every row, tells customers apart"
    )
    assert rejected(project) == []


def test_guests_whom_nothing_tells_apart_are_left_out_with_their_money(project, tmp_path):
    path = write(tmp_path / "orders.csv", WOOCOMMERCE, woocommerce_orders(mail=False))
    said = read(project, path)
    assert rejected(project) == [("placeholder", 6, 63)]
    assert "no other column identifies the customer: 6 rows, total amount 63.00, left out" in said
    assert project.query("select count(*) from marts.retail_customer_features where customer_id = '0'") == [(0,)]


def test_a_customer_zero_with_few_orders_is_a_customer(project, tmp_path):
    rows = [[n, n % 6, "2024-05-01", 10, "x" * n] for n in range(12)]
    read(project, write(tmp_path / "orders.csv", "order_id,customer_id,date,amount,product", rows))
    assert totals(project) == (6, 12, Decimal("120"))


def test_words_that_no_seed_lists_count_and_are_told(project, tmp_path):
    rows = [
        [n, n % 6, "2024-05-01", 10, "Sent by owl" if n < 3 else "returned" if n < 6 else "paid"] for n in range(12)
    ]
    said = read(project, write(tmp_path / "orders.csv", "order_id,customer_id,date,amount,status", rows))
    assert totals(project)[2] == Decimal("90")
    assert (
        "status 'sent by owl' is not in seeds/judgement/input_values.csv and was read as completed: 3 rows, total amount 30.00"
        in said
    )
    # without a category column nothing is known about categories
    assert project.query("select count(*) from marts.retail_category_mix") == [(0,)]
    assert project.query(
        "select distinct favourite_category, favourite_category_share, categories_bought from marts.retail_customer_features"
        " where frequency > 0"
    ) == [(None, None, None)]


def test_orders_that_came_twice_are_rejected_with_their_money(project, tmp_path):
    once = [[f"o{i // 2}", i // 4, "2024-05-01", 10] for i in range(12)]  # two equal lines per order
    read(project, write(tmp_path / "orders.csv", "order_id,customer_id,date,amount", once))
    assert (totals(project)[2], rejected(project)) == (Decimal("120"), [])
    read(project, write(tmp_path / "twice.csv", "order_id,customer_id,date,amount", once * 2))
    assert (totals(project)[2], rejected(project)) == (Decimal("120"), [("duplicate row", 12, 120)])
    assert money_in(project) == Decimal("240")


def test_a_seed_that_contradicts_another_stops_before_an_input_is_read(rebuilt):
    rebuilt.edit(
        "seeds/judgement/persona_traits.csv",
        "retail_personas,frequent_shoppers,frequency",
        "retail_personas,nobody,frequency",
    )
    rebuilt.assert_stopped_plainly(
        "model input_mall_customers", "segmentation retail_personas, column persona: found nobody",
        arguments=("--select", "persona_traits", "input_mall_customers"),
    )  # fmt: skip


def test_persona_seeds_may_hold_their_header_only(rebuilt):
    seeds = ["persona_definitions", "persona_traits", "persona_campaigns"]
    for seed in seeds:
        path = rebuilt.folder / f"seeds/judgement/{seed}.csv"
        path.write_text(path.read_text().split("\n")[0] + "\n")
    rebuilt.edit(
        "seeds/judgement/segmentations.csv",
        "standard,personas,always,0.1,false",
        "standard,best_of_starts,always,0.1,false",
    )
    marts = [
        "persona_prototypes",
        "persona_matches",
        "persona_trait_checks",
        "personas",
        "customer_segments",
        "segments",
        "campaign_recommendations",
    ]
    run = rebuilt.dbt("build", "--select", "segmentations", *seeds, *marts, "customer_campaigns")
    assert run.returncode == 0, run.stdout
    assert rebuilt.query("select distinct match_grade from marts.personas") == [("generated",)]
    assert rebuilt.query("select count(*) from marts.campaign_recommendations") == [(0,)]


def test_purchases_alone_build_with_the_seeds_as_they_come(rebuilt, tmp_path):
    draw = random.Random(2)
    rows = [
        [n, n, f"2024-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}", "completed", draw.randint(5, 90), "", who, "", "Tee"]
        for n in range(240)
        for who in [min(draw.randint(1, 60), draw.randint(1, 60))]
    ]  # fmt: skip
    customers = len({row[6] for row in rows})
    path = write(tmp_path / "orders.csv", WOOCOMMERCE, rows)
    # the history has a later day of the example
    given = {"retail_customers": "from_transactions", "retail_transactions": str(path), "history_folder": "none"}
    run = rebuilt.dbt("build", "--vars", json.dumps(given))
    assert run.returncode == 0, run.stdout
    assert "WARN=0" in run.stdout, [line for line in run.stdout.splitlines() if "warning:" in line or "WARN" in line]
    assert "retail_personas is skipped: no values of annual_income_k" in run.stdout
    assert rebuilt.published_query("select segmentation, reason from skipped_segmentations") == [
        ("retail_personas", f"no values of annual_income_k for any of the {customers} customers of retail")
    ]
    assert rebuilt.published_query(
        "select segmentation, is_default from segmentation_fits where dataset = 'retail'"
    ) == [("retail_rfm", True)]
    assert rebuilt.published_query("select count(*) from rfm_scores where dataset = 'retail'") == [(customers,)]
    assert rebuilt.published_query("select count(*) from personas where segmentation = 'retail_personas'") == [(0,)]


EXAMPLES = ROOT / "tests/examples"
# customers, orders and money that count, all money that came in, and which column was read as what
EXPORTS = {
    "shopify_orders.csv": (
        (4, 7, "114.34"), "375.34",
        "Name=transaction_id Email=customer_id Created at=transaction_date Total=amount Financial Status=status "
        "Currency=currency Cancelled at=cancelled_on Refunded Amount=refunded_amount",
    ),
    "woocommerce_orders.csv": (
        (6, 7, "142.24"), "300.49",
        "order_id=transaction_id order_date=transaction_date status=status order_total=amount refunded_total=refunded_amount "
        "order_currency=currency billing_email=customer_id",
    ),
    "stripe_payments.csv": (
        (5, 8, "224.70"), "418.55",
        "id=transaction_id Created date (UTC)=transaction_date Amount=amount Amount Refunded=refunded_amount Currency=currency "
        "Captured=is_captured Status=status Customer Email=customer_id",
    ),
    "stripe_charges.csv": (
        (6, 8, "224.70"), "2108.45",
        "id=transaction_id created=transaction_date amount=amount amount_refunded=refunded_amount currency=currency "
        "captured=is_captured livemode=is_live customer_id=customer_id status=status",
    ),
    "shopify__orders.csv": (
        (5, 6, "256.40"), "1405.40",
        "order_id=transaction_id email=customer_id created_timestamp=transaction_date cancelled_timestamp=cancelled_on "
        "currency=currency financial_status=status order_adjusted_total=amount is_test_order=is_test is_deleted=is_deleted",
    ),
}  # fmt: skip


def columns_read(project):
    """Return what the columns of the purchases were taken for, and what is said about them."""
    rows = project.query(
        "select column_found, read_as, note from marts.input_columns where input = 'retail_transactions' and column_found is not null"
    )
    return {found: read_as for found, read_as, _ in rows if read_as}, {found: note for found, _, note in rows}


def expected_columns(text):
    """Return columns written as `found=read_as`, with spaces in their names."""
    parts = re.findall(r"(.+?)=(\w+)(?: |$)", text)
    return dict(parts)


@pytest.mark.parametrize("export", EXPORTS)
def test_the_documented_columns_of_an_export_count_to_the_cent(project, export):
    counted, money, columns = EXPORTS[export]
    read(project, project.given(EXAMPLES / export))
    found, notes = columns_read(project)
    unwanted = {"quantity", "unit_price", "category"}
    assert {name: read_as for name, read_as in found.items() if read_as not in unwanted} == expected_columns(columns)
    assert totals(project) == (*counted[:2], Decimal(counted[2]))
    assert money_in(project) == Decimal(money)
    if export == "stripe_charges.csv":
        assert "is in the smallest unit of the currency, as application_fee_amount shows: divided by 100; JPY as it is" in (
            notes["amount"]
        )  # fmt: skip
        assert rejected(project) == [("another currency", 1, 1200)]


def test_a_charge_that_failed_or_was_never_captured_is_no_revenue(project):
    read(project, project.given(EXAMPLES / "stripe_payments.csv"))
    assert rejected(project) == [("another currency", 1, 10.1)]
    assert project.query(
        """
        select status_found, status_read_as, counts_as, sum(input_rows), sum(amount), sum(counted_amount) from marts.money_account
        where input = 'retail_transactions' group by all order by all
        """
    ) == [
        ("canceled", "cancelled", "no revenue", 1, 22, 0),
        ("failed", "failed", "no revenue", 1, 15, 0),
        ("paid", "completed", "purchase", 7, 236.95, 224.7),
        ("paid", "completed", "rejected", 1, 10.1, 0),
        ("paid", "open", "no revenue", 1, 99, 0),
        ("refunded", "refunded", "purchase", 1, 35.5, 0),
    ]
    assert columns_read(project)[1]["Captured"] == "read as mark; 'false' in 3 rows: open, regardless of the status"


@contextmanager
def a_further_row(project, name, row):
    """Add a row to a judgement seed for a while."""
    seed = project.folder / f"seeds/judgement/{name}.csv"
    before = seed.read_text(encoding="utf-8")
    try:
        seed.write_text(f"{before}{row}\n", encoding="utf-8")
        assert project.dbt("seed", "--select", name).returncode == 0
        yield
    finally:
        seed.write_text(before, encoding="utf-8")
        project.dbt("seed", "--select", name)


def test_one_row_of_a_seed_overrules_what_a_column_was_taken_for(project):
    with a_further_row(project, "input_synonyms", "retail_transactions,amount,!total_price"):
        read(project, project.given(EXAMPLES / "shopify__orders.csv"))
        found, notes = columns_read(project)
        assert found["total_price"] == "amount"
        assert notes["order_adjusted_total"] == (
            "could also be amount, but seeds/judgement/input_synonyms.csv gives precedence to total_price"
        )
        assert totals(project)[2] == Decimal("280.20")


def lines_with_orders(folder):
    """Write what the query of the page on exports makes of order lines and orders, with types."""
    query = re.search(r"```sql\n(select.+?)```", (ROOT / "docs/exports_of_shops.md").read_text(), re.DOTALL)[1]
    for name in ("shopify__order_lines", "shopify__orders"):
        query = query.replace(f"{{{{ ref('{name}') }}}}", f"'{EXAMPLES / name}.csv'")
    with duckdb.connect() as database:
        database.execute(f"copy ({query}) to '{folder / 'lines.parquet'}'")
    return folder / "lines.parquet"


def test_order_lines_are_read_beside_their_orders(project, tmp_path):
    said = read(project, project.given(EXAMPLES / "shopify__order_lines.csv"))
    assert "has no column for customer_id, transaction_date" in said
    read(project, lines_with_orders(tmp_path))
    # less the discount of 10.00 and two pieces that came back
    assert totals(project) == (5, 7, Decimal("260.20"))
    assert columns_read(project)[0]["refunded_subtotal"] == "refunded_amount"


@pytest.mark.parametrize(
    ("header", "amounts", "money", "is_asked"),
    [
        ("order_id,customer_id,created,amount,amount_refunded,currency", ["2000", "500"], "9500", True),
        ("order_id,customer_id,created,amount,livemode,status", ["2000", "500"], "9500", True),
        ("order_id,customer_id,created,amount,amount_refunded,currency", ["20.00", "5.5"], "96.50", False),
        ("order_id,customer_id,created,amount (cents),amount_refunded,currency", ["2000", "500"], "95", False),
        # documented columns beside amounts that somebody may have divided already
        ("order_id,customer_id,created,amount,balance_transaction_id,currency", ["2000.0", "500.0"], "9500", True),
        ("order_id,customer_id,created,amount,balance_transaction_id,currency", ["20.50", "5.00"], "97", False),
    ],
)
def test_whole_amounts_that_may_be_cents_are_asked_about(project, tmp_path, header, amounts, money, is_asked):
    rows = [[n, n % 3, "2024-05-01", amounts[n % 2], *last] for n in range(7) for last in [["", "usd"]]]
    if "livemode" in header:
        rows = [[*row[:4], "true", "paid"] for row in rows]
    said = read(project, write(tmp_path / "orders.csv", header, rows))
    assert totals(project)[2] == Decimal(money)
    assert ("may count in the smallest unit of a currency, such as cents" in said) == is_asked


def test_one_row_of_a_seed_says_that_amounts_are_cents(project, tmp_path):
    rows = [[n, n % 3, "2024-05-01", ["2000.0", "500.0"][n % 2], "usd"] for n in range(7)]
    path = write(tmp_path / "orders.csv", "order_id,customer_id,date,amount,currency", rows)
    with a_further_row(project, "input_notations", "smallest unit,,amount,yes,,"):
        read(project, path)
        assert totals(project)[2] == Decimal("95")


def test_refunds_are_not_taken_off_a_net_amount_again(project, tmp_path):
    said = read(project, project.given(EXAMPLES / "shopify__orders.csv"))
    assert "the file does not say how much" not in said
    rows = [[n, n % 3, "2024-05-01", "10.50", 2, "partially_refunded"] for n in range(7)]
    header = "order_id,customer_id,date,order_adjusted_total,refunded_amount,financial_status"
    assert "the file does not say how much" not in read(project, write(tmp_path / "orders.csv", header, rows))
    assert totals(project)[2] == Decimal("73.5")
    assert (
        columns_read(project)[1]["refunded_amount"]
        == "not used: refunds are already subtracted from order_adjusted_total"
    )


def test_amounts_with_a_sign_of_a_currency_are_read_beside_a_quantity(project, tmp_path):
    rows = [[n, n % 3, "2024-05-01", 2, f"€{n + 1}.50"] for n in range(8)]
    read(project, write(tmp_path / "orders.csv", "order_id,customer_id,date,quantity,amount", rows))
    assert totals(project)[2] == Decimal("40")


def test_an_id_beside_several_days_is_that_of_no_order(project, tmp_path):
    rows = [[n % 3, f"k{n % 3}@example.com", f"2024-05-{1 + n:02}", 10] for n in range(9)]
    read(project, write(tmp_path / "orders.csv", "ID,email,date,amount", rows))
    assert totals(project) == (3, 9, Decimal(90))
    assert "occurs with several days" in columns_read(project)[1]["ID"]
