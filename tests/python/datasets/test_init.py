"""Taking up a dataset and taking one out: what is proposed, what is written, and what is refused."""

import csv
import io
import os
import random
import re
import shutil
from pathlib import Path

import duckdb
import pandas as pd
import pytest
import yaml

from customer_segmentation.cli.main import main
from customer_segmentation.datasets import customers, host, project_vars, seed_files, writing
from customer_segmentation.datasets.command import open_project
from customer_segmentation.datasets.known import Known, known_feature

ROOT = Path(__file__).resolve().parents[3]
PROJECT = ["dbt_project.yml", "profiles.yml", "models", "quality", "seeds"]


@pytest.fixture
def project(tmp_path, monkeypatch) -> Path:
    for name in PROJECT:
        source = ROOT / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, tmp_path / name)
    (tmp_path / "data").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(path: str, header: list[str], rows: list[list]) -> str:
    with Path(path).open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def members(path="data/members.csv", rows=120) -> str:
    draw = random.Random(7)
    header = [
        "Member ID", "E-mail", "First name", "Geschlecht", "Annual Income", "Visits", "Weight", "Store", "Postal code",
        "Last order", "Born", "Loyal", "Const", "Empty", "twin", "Remark", "select", "Paid (EUR)",
    ]  # fmt: skip
    body = []
    for number in range(rows):
        visits = int(draw.lognormvariate(2, 1))
        body.append(
            [
                f"K{number:04}", f"k{number}@example.org", f"Anna{number}", draw.choice("wm"),
                draw.randrange(20000, 120000), visits, f"{draw.randrange(50, 99)} kg", draw.choice(["Bern", "Genf"]),
                f"0{draw.randrange(1000, 9999)}", f"2024-{draw.randrange(1, 13):02}-{draw.randrange(1, 29):02}",
                f"19{draw.randrange(50, 99)}-03-04", draw.randrange(2), 1, "", visits, f"text number {number}",
                draw.randrange(90), round(draw.uniform(1, 90), 2),
            ]
        )  # fmt: skip
    return write(path, header, body)


def orders(path="data/orders.csv") -> str:
    draw = random.Random(7)
    body = []
    for number in range(200):
        day = f"2024-{draw.randrange(1, 13):02}-{draw.randrange(1, 29):02}"
        body.append([f"O{number}", f"K{number % 70:04}", day, "shoes", 2, round(draw.uniform(3, 90), 2)])
    return write(path, ["Order No", "Customer", "Order Date", "Article Group", "Qty", "Unit price"], body)


def snapshot(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def rows(name: str) -> list[dict[str, str]]:
    return seed_files.seed_rows(Path(f"seeds/judgement/{name}.csv").read_bytes().decode("utf-8"))


def test_every_column_is_taken_or_left_out_with_a_reason(project, capsys):
    assert main(["init", "shop", members(), "--dry-run"]) == 0
    said = capsys.readouterr().out
    for taken in (
        "Member ID -> customer_id (id)",
        "Geschlecht -> gender (gender)",
        "Annual Income -> annual_income (number, in $)",  # full dollars are no thousands
        "Visits -> visits (number, in visits)",
        "Weight -> weight (number, in kg)",
        "Store -> store (category",
        "Loyal -> loyal (category",
        "Last order -> last_purchase_date",
        "select -> select_value",
        "Paid (EUR) -> paid_eur (number, in EUR)",
    ):
        assert taken in said
    for left_out in (
        "E-mail: it looks personal",
        "First name: it looks personal",
        "Postal code: its numbers look like postal codes",
        "Born: a date",
        "Const: it is constant",
        "Empty: it has no values",
        "twin: it has the same values as 'Visits'",
        "Remark: every value is different",
    ):
        assert left_out in said
    assert "visits (log)" in said
    assert "+++ b/models/datasets/shop/_shop__models.yml" in said


def test_codes_tell_customers_apart_years_are_dates_and_only_equal_columns_are_twins(project, capsys):
    draw = random.Random(3)
    body = [
        [f"C{100 + n}", draw.randrange(1950, 2005), "fm"[n % 2], ["yes", "no"][n // 2 % 2], draw.randrange(1, 99)]
        for n in range(80)
    ]
    path = write("data/codes.csv", ["Member", "Birth year", "Sex", "Newsletter", "Visits"], body)
    assert main(["init", "shop", path, "--dry-run"]) == 0
    said = capsys.readouterr().out
    assert "Member -> customer_id (id)" in said
    assert "Birth year: its numbers are years" in said
    assert "Newsletter -> newsletter (category" in said


@pytest.mark.parametrize(("name", "number"), [("Kundennr", "K{:04}"), ("Mitgliedsnummer", "{}"), ("Code", "k{}")])
def test_numbers_that_name_customers_are_no_quantities(project, capsys, name, number):
    body = [[number.format(1000 + 7 * n), n * 7 % 40, n % 17] for n in range(80)]
    assert main(["init", "shop", write("data/numbered.csv", [name, "Visits", "Spent"], body), "--dry-run"]) == 0
    assert f"{name} -> customer_id (id)" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("currency", "name", "unit"),
    [
        ("$", "Spend €", "€"),
        ("€", "Spend €", "{currency}"),
        ("EUR", "Spend€", "{currency}"),
        ("$", "Spend (k€)", "k€"),
        ("€", "spend_k€", "k{currency}"),
        ("€", "Spend (T€)", "k{currency}"),
        ("$", "spent US$", "{currency}"),
        ("$", "spent CA$", "CA$"),
        ("$", "amount_chf", "CHF"),
        ("$", "Spend", "{currency}"),
    ],
)
def test_the_currency_in_the_name_of_a_column_is_its_unit(project, currency, name, unit):
    settings = Path("dbt_project.yml")
    settings.write_text(settings.read_text().replace("currency: $\n", f"currency: {currency}\n"))
    body = [[f"P{number:04}", 18 + number * 7 % 60, round(20 + number * 37.5 % 911, 2)] for number in range(120)]
    write("data/members.csv", ["member id", "age", name], body)
    assert main(["init", "club", "data/members.csv", "--yes"]) == 0
    assert [row["unit"] for row in rows("features") if row["dataset"] == "club" and row["unit"] != "years"] == [unit]


@pytest.mark.parametrize(
    ("header", "price", "carried"),
    [
        ("Amount", "{} €", "€"),
        ("Amount", "€{}", "€"),
        ("Amount (CHF)", "{}", "CHF"),
        ("Amount", "{},EUR", "EUR"),
        ("Amount", "${}", "$"),
        ("Amount", "{}", "$"),
    ],
)
def test_the_currency_of_orders_is_that_of_the_project(project, capsys, header, price, carried):
    """Those of other datasets stay what they were, because nothing is converted."""
    has_column = "," in price
    names = ["Order", "Date", "Customer", header.replace("Amount", "Amount"), *(["Currency"] if has_column else [])]
    body = []
    for number in range(200):
        amount = price.format(f"{5 + number % 90}.50").split(",")
        body.append([f"O{number}", f"2024-{1 + number % 12:02}-{1 + number % 28:02}", f"C{number % 40:03}", *amount])
    assert main(["init", "cafe", write("data/orders.csv", names, body), "--yes"]) == 0
    assert ("Nothing is converted" in capsys.readouterr().out) == (carried != "$")
    assert yaml.safe_load(Path("dbt_project.yml").read_text(encoding="utf-8"))["vars"]["currency"] == carried
    units = {(row["dataset"], row["feature"]): row["unit"] for row in rows("features")}
    assert units["cafe", "monetary_value"] == "{currency}"
    assert units["mall", "annual_income_k"] == ("k{currency}" if carried == "$" else "k$")
    # the next dataset is in the currency of the project again
    assert known_feature(open_project(), "annual_income_k")["unit"] == "k{currency}"


def test_what_pages_show_is_proposed_in_their_language(project, capsys):
    """Columns keep the names that the file gives them; words that the project has changed stay, too."""
    path = Path("dbt_project.yml")
    path.write_text(path.read_text(encoding="utf-8").replace("locale: en", "locale: de"), encoding="utf-8")
    body = [[f"O{n}", f"2024-{1 + n % 12:02}-{1 + n % 28:02}", f"C{n % 40:03}", 5 + n % 90] for n in range(200)]
    orders = write("data/orders.csv", ["Order", "Date", "Customer", "Amount"], body)
    people = [[f"C{n:03}", 10 * n + n % 7, n % 9] for n in range(40)]
    customers = write("data/customers.csv", ["Customer", "Verbrauch", "number of visits"], people)
    assert main(["init", "cafe", customers, "--purchases", orders, "--yes"]) == 0
    features = {row["feature"]: row for row in rows("features") if row["dataset"] == "cafe"}
    bought = features["recency_days"]
    assert (bought["label"], bought["unit"]) == ("Zeit seit dem letzten Kauf", "Tage")
    assert (bought["low_phrase"], bought["high_phrase"]) == ("kürzlich gekauft", "vor langer Zeit gekauft")
    assert features["monetary_value"]["unit"] == "{currency}"
    assert features["verbrauch"]["low_phrase"] == "verbrauch: niedrig"
    assert features["number_of_visits"]["high_phrase"] == "visits: viele"
    (segmentation,) = (row for row in rows("segmentations") if row["dataset"] == "cafe")
    assert segmentation["display_name"] == "Cafe-Segmente"
    assert segmentation["description"].endswith(" und Umsatz mit so vielen Gruppen, wie die Daten tragen")
    assert {row["label"] for row in rows("features") if row["dataset"] == "mall"} >= {"age", "annual income"}


def test_dry_run_changes_nothing(project, capsys):
    source = members()
    before = snapshot(project)
    assert main(["init", "shop", source, "--dry-run"]) == 0
    assert main(["remove", "mall", "--dry-run"]) == 0
    assert snapshot(project) == before
    assert "Nothing was written" in capsys.readouterr().out


def test_a_dataset_is_a_folder_suites_rows_and_one_word_of_a_var(project):
    before = snapshot(project)
    text = Path("dbt_project.yml").read_text(encoding="utf-8")
    assert main(["init", "shop", members()]) == 0
    after = snapshot(project)
    new = {path for path in after if path not in before} - {"data/members.csv"}
    assert all(path.startswith(("models/datasets/shop/", "quality/shop/")) for path in new)
    assert (
        Path("models/datasets/shop/input_shop_customers.sql")
        .read_text()
        .endswith("{{ read_input('shop_customers', 'data/members.csv') }}\n")
    )
    assert project_vars.listed(Path("dbt_project.yml").read_text(), "datasets")[-1] == "shop"
    changed = Path("dbt_project.yml").read_text(encoding="utf-8")
    assert [line for line in text.splitlines() if line not in changed.splitlines()] == [
        line for line in text.splitlines() if line.startswith("  datasets: ")
    ]
    for file in ("dataset_names", "input_definitions", "features", "segmentations"):
        path = f"seeds/judgement/{file}.csv"
        assert after[path].startswith(before[path])
    columns = [row["column_name"] for row in rows("input_definitions") if row["input"] == "shop_customers"]
    assert columns[:2] == ["customer_id", "gender"]
    described = {
        model["name"]: [column["name"] for column in model["columns"]]
        for model in yaml.safe_load(Path("models/datasets/shop/_shop__models.yml").read_text())["models"]
    }
    assert set(columns) < set(described["stg_shop__customer_rows"])
    features = {row["feature"] for row in rows("features") if row["dataset"] == "shop"}
    chosen = [row["feature"] for row in rows("segmentation_features") if row["segmentation"] == "shop_segments"]
    assert features < set(described["shop_customer_features"])
    assert 2 <= len(chosen) <= 5
    assert set(chosen) <= features
    (segmentation,) = (row for row in rows("segmentations") if row["dataset"] == "shop")
    assert (segmentation["k"], segmentation["is_default"]) == ("auto", "true")
    assert segmentation["display_name"] == "Shop segments"
    assert rows("dataset_names")[-1] == {"dataset": "shop", "display_name": "Shop"}


def test_a_project_set_up_by_an_earlier_version_gets_the_seeds_that_came_since(tmp_path):
    (tmp_path / "seeds/judgement").mkdir(parents=True)
    for name in set(host.SEEDS_OF_HOST) - {"dataset_names"}:
        (tmp_path / f"seeds/judgement/{name}.csv").write_text("a\n")
    text = (ROOT / "integration_tests/dbt_project.yml").read_text(encoding="utf-8")
    line = "      dataset_names: {+enabled: false} # replaced by seeds/judgement/dataset_names.csv of this project\n"
    (tmp_path / "dbt_project.yml").write_text(text.replace(line, ""), encoding="utf-8")
    changes = writing.Changes(tmp_path, ROOT)
    host.plan_host(changes, ROOT)
    assert changes.text("seeds/judgement/dataset_names.csv") == "dataset,display_name\n"
    assert line in changes.text("dbt_project.yml")
    assert yaml.safe_load(changes.text("dbt_project.yml")) == yaml.safe_load(text)


def test_line_ends_of_seeds_are_kept(project):
    path = Path("seeds/judgement/features.csv")
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert main(["init", "shop", members()]) == 0
    assert path.read_bytes().count(b"\n") == path.read_bytes().count(b"\r\n")


def test_orders_alone_are_recognised(project, capsys):
    assert main(["init", "shop", orders()]) == 0
    assert "contains orders or order lines" in capsys.readouterr().out
    model = Path("models/datasets/shop/input_shop_customers.sql").read_text()
    assert "{{ customers_of_transactions('shop') }}" in model
    assert project_vars.listed(Path("dbt_project.yml").read_text(), "datasets_with_purchases") == ["retail", "shop"]
    measures = {row["measure"]: row["feature"] for row in rows("rfm_measures") if row["dataset"] == "shop"}
    assert measures == {"recency": "recency_days", "frequency": "frequency", "monetary": "monetary_value"}
    ours = {row["column_name"] for row in rows("input_definitions") if row["input"] == "shop_transactions"}
    theirs = {row["column_name"] for row in rows("input_definitions") if row["input"] == "retail_transactions"}
    assert ours == theirs
    guessed = {row["written"] for row in rows("input_synonyms") if row["input"] == "shop_transactions"}
    assert "Article Group" in guessed


def test_answers_about_prices_are_no_money(project):
    answers = [f"r{number},{number % 5 + 1},{number * 7 % 5 + 1}" for number in range(200)]
    Path("survey.csv").write_text("\n".join(["respondent,Price matters,Price in $", *answers]))
    assert main(["init", "survey", "survey.csv"]) == 0
    units = {row["feature"]: row["unit"] for row in rows("features") if row["dataset"] == "survey"}
    assert units == {"price_matters": "points", "price": "{currency}"}


def answers(*codes, others=range(1, 6)):
    shown = [*others, *codes]
    lines = [f"r{number},{shown[number % len(shown)]},{number * 7 % 50}" for number in range(200)]
    Path("survey.csv").write_text("\n".join(["respondent,Satisfaction,Visits", *lines]))
    return "survey.csv"


@pytest.mark.parametrize(
    ("codes", "others", "named", "valid"),
    [
        ((-99,), range(1, 6), "-99 in 33 rows", ("0", "50")),
        ((-99, -98), range(1, 6), "-99 and -98 in 56 rows", ("0", "50")),
        ((97, 98, 99), range(1, 6), "99 and 98 and 97 in 75 rows", ("0", "50")),
        ((999,), range(200, 400, 20), "999 in 18 rows", ("0", "998")),
    ],
)
def test_codes_for_no_answer_are_no_values(project, capsys, codes, others, named, valid):
    assert main(["init", "survey", answers(*codes, others=others), "--yes"]) == 0
    assert f"({named} means no answer here, because all others lie between " in capsys.readouterr().out
    [feature] = [row for row in rows("features") if row["dataset"] == "survey" and row["feature"] == "satisfaction"]
    assert (feature["valid_minimum"], feature["valid_maximum"]) == valid
    [column] = [row for row in rows("input_definitions") if row["column_name"] == "satisfaction"]
    assert column["when_missing"] == "leave_empty"


@pytest.mark.parametrize(("values", "others"), [((7,), range(1, 6)), ((-1,), range(5)), ((99,), range(60, 98))])
def test_a_number_near_the_others_is_a_value(project, capsys, values, others):
    assert main(["init", "survey", answers(*values, others=others), "--dry-run"]) == 0
    assert "no answer" not in capsys.readouterr().out


def invoices(buyer):
    lines = [f"{number},{buyer} {number % 9},2025-{number % 12 + 1:02}-03,{number * 10}.50" for number in range(1, 80)]
    Path("invoices.csv").write_text("\n".join([f"order_id,{buyer},order_date,net_amount", *lines]))
    return "invoices.csv"


def test_companies_are_the_customers_of_orders(project, capsys):
    assert main(["init", "shop", invoices("company"), "--dry-run"]) == 0
    said = capsys.readouterr().out
    assert "contains orders or order lines" in said
    assert "  company -> customer_id (id)" in said
    assert "Column 'company' is taken for customer_id." in said


def test_orders_of_customers_who_bought_once_are_orders(project, capsys):
    lines = [f"{number},c{number},2025-{number % 12 + 1:02}-03,{number * 10}.50" for number in range(1, 80)]
    Path("invoices.csv").write_text("\n".join(["order_id,customer_id,order_date,total", *lines]))
    assert main(["init", "shop", "invoices.csv", "--dry-run"]) == 0
    assert "contains orders or order lines" in capsys.readouterr().out


def test_orders_of_which_no_column_names_the_customer_are_not_taken_for_customers(project, capsys):
    assert main(["init", "shop", invoices("warehouse"), "--dry-run"]) == 1
    assert "no column can be customer_id. Found order_id, warehouse, order_date, net_amount." in capsys.readouterr().err


def events(header, line, rows=400):
    days = [f"{number % 28 + 1:02}/{number % 12 + 1:02}/2025" for number in range(rows)]
    body = [
        line.format(number=number, somebody=number * 7 % 61, day=days[number], some=number % 7 + 1)
        for number in range(rows)
    ]
    Path("events.csv").write_text("\n".join([header, *body]))
    return "events.csv"


@pytest.mark.parametrize(
    ("header", "line", "taken"),
    [
        (
            "donor_id,donation_date,amount_gbp,appeal",
            "{somebody},{day},{some}0.5,spring",
            ["donor_id -> customer_id", "donation_date -> transaction_date", "amount_gbp -> amount"],
        ),
        (
            "booking,guest_email,arrival,nights,price_per_night",
            "B{number},guest{somebody}@example.org,{day},{some},9{some}.50",
            ["guest_email -> customer_email", "nights -> quantity", "price_per_night -> unit_price"],
        ),
        (
            "Buchungsnummer,Kontonummer,Buchungstag,Betrag",
            "{number},00001{somebody:05},{day},{some}1.20",
            ["Kontonummer -> customer_id", "Buchungsnummer -> transaction_id", "Buchungstag -> transaction_date"],
        ),
    ],
)
def test_events_of_customers_who_come_again_are_orders(project, capsys, header, line, taken):
    assert main(["init", "shop", events(header, line), "--dry-run"]) == 0
    said = capsys.readouterr().out
    assert "contains orders or order lines" in said
    assert [one for one in taken if f"  {one} (" not in said] == []


@pytest.mark.parametrize(
    ("header", "line", "named"),
    [
        ("booking,guest_email,arrival,rooms", "B{number},guest{somebody}@example.org,{day},{some}", "guest_email"),
        ("subscriber_id,opened,seconds", "{somebody},{day},{some}", "subscriber_id"),
        ("visit,case_no,day,weight_kg", "V{number},{somebody},{day},{some}", ""),
        ("case_no,day,weight_kg", "{somebody},{day},{some}", "case_no"),
    ],
)
def test_events_without_money_are_not_taken_for_customers(project, capsys, header, line, named):
    code = main(["init", "shop", events(header, line), "--dry-run"])
    said = capsys.readouterr()
    if not named:  # no name says that a case is a customer, and each visit has an id
        assert (code, said.err) == (0, "")
        return
    assert code == 1
    assert f"events.csv, column '{named}': the id '" in said.err
    assert "and every row has a date" in said.err
    assert "name their columns customer_id, transaction_date and amount" in said.err


@pytest.mark.parametrize(
    ("header", "line"),
    [
        ("customer_code,account_id,reviewed,visits", "C{number},{somebody},{day},{some}"),
        ("contact_code,account_id,signed_up,visits", "C{number},{somebody},{day},{some}"),
        ("contact_code,card_type,reviewed,visits", "C{number},gold{some},{day},{some}"),
        ("contact_code,number_of_accounts,reviewed,visits", "C{number},{somebody},{day},{some}"),
    ],
)
def test_customers_with_a_date_stay_customers(project, capsys, header, line):
    assert main(["init", "shop", events(header, line), "--dry-run"]) == 0
    said = capsys.readouterr().out
    assert f"  {header.split(',')[0]} -> customer_id (id)" in said


def test_places_that_repeat_are_no_customers(project, capsys):
    file = events("store_code,zip,reviewed,visits", "S{somebody},101{somebody},{day},{some}")
    assert main(["init", "shop", file, "--dry-run"]) == 0
    assert "No column is an id: each customer gets the row number." in capsys.readouterr().out


def test_bookings_of_accounts_are_no_orders(project, capsys):
    file = events("Konto,Buchungstag,Betrag", "{somebody},{day},-{some}1.20")
    assert main(["init", "bank", file, "--dry-run"]) == 1
    assert "events.csv, column 'Betrag': 100% of the amounts are below zero." in capsys.readouterr().err


def test_a_discount_that_is_not_read_is_said(project, capsys):
    priced = events("customer,day,qty,price,discount %", "{somebody},{day},{some},{some}1.20,5")
    assert main(["init", "shop", priced, "--dry-run"]) == 0
    assert "Money is price times quantity, without 'discount %'." in capsys.readouterr().out
    paid = events("customer,day,qty,amount,discount %", "{somebody},{day},{some},{some}1.20,5")
    assert main(["init", "shop", paid, "--dry-run"]) == 0
    assert "without 'discount" not in capsys.readouterr().out


def test_numbers_with_signs_say_what_they_are(project, capsys):
    lines = [
        f"c{number},{number % 70}.5%,€{number}.10{' CR' if number % 3 else ''},{number % 9}9.90"
        for number in range(200)
    ]
    Path("clients.csv").write_text("\n".join(["client_id,margin,balance,monthly fee", *lines]))
    assert main(["init", "clients", "clients.csv"]) == 0
    said = capsys.readouterr().out
    assert "  margin -> margin_value (number, in %)" in said
    assert re.search("balance: its values, such as '.*', look like numbers with signs that are not known", said)
    units = {row["feature"]: row["unit"] for row in rows("features") if row["dataset"] == "clients"}
    assert units == {"margin_value": "%", "monthly_fee": "{currency}"}


def test_units_follow_the_column_that_names_the_currency(project):
    lines = [f"c{number},{number * 7 % 90}.5,{number % 40},CHF" for number in range(200)]
    Path("clients.csv").write_text("\n".join(["client_id,balance,logins in the last 30 days,currency", *lines]))
    assert main(["init", "clients", "clients.csv"]) == 0
    units = {row["feature"]: row["unit"] for row in rows("features") if row["dataset"] == "clients"}
    assert units == {"balance": "CHF", "logins_in_the_last_30_days": "logins"}


@pytest.mark.parametrize(
    ("export", "taken"),
    [
        ("shopify_orders", ["Name -> order_name", "Total -> amount", "Refunded Amount -> refunded_amount", "Email -> customer_email"]),
        ("woocommerce_orders", ["order_id -> transaction_id", "order_total -> amount", "refunded_total -> refunded_amount"]),
        ("stripe_payments", ["id -> record_id", "Created date (UTC) -> created_on", "Amount -> amount", "Captured -> is_captured"]),
        ("stripe_charges", ["created -> created_on", "amount_refunded -> refunded_amount", "livemode -> is_live"]),
        ("shopify__orders", ["order_adjusted_total -> amount", "is_deleted -> is_deleted", "created_timestamp -> created_on"]),
    ],
)  # fmt: skip
def test_exports_of_shops_are_known(project, capsys, export, taken):
    assert main(["init", "shop", "--purchases", str(ROOT / f"tests/examples/{export}.csv"), "--dry-run"]) == 0
    said = capsys.readouterr().out
    assert [one for one in taken if f"  {one} (" not in said] == []
    if export == "shopify__orders":
        assert "total_price: it can be amount too, and 'order_adjusted_total' is" in said
        assert "+shop_transactions,amount,!Order Adjusted Total\n" in said
        assert "+shop_transactions,amount,Total Price\n" not in said


def test_customers_of_fivetrans_package_go_with_their_orders(project, capsys):
    customers, orders = (str(ROOT / f"tests/examples/shopify__{name}.csv") for name in ("customers", "orders"))
    assert main(["init", "shop", customers, "--purchases", orders, "--dry-run"]) == 0
    said = capsys.readouterr().out
    assert "  created_timestamp -> signed_up_on (date" in said
    assert "  lifetime_total_spent -> lifetime_total_spent (number" in said


def test_customers_and_orders_go_together(project):
    assert main(["init", "shop", members(), "--purchases", orders()]) == 0
    mart = Path("models/datasets/shop/shop_customer_features.sql").read_text()
    assert "purchase_features('shop', [" in mart
    chosen = [row["feature"] for row in rows("segmentation_features") if row["segmentation"] == "shop_segments"]
    assert chosen == ["recency_days", "frequency", "monetary_value"]


def test_an_order_key_is_the_order_and_the_key_of_its_line_is_not(project, capsys):
    body = [[n, n // 2, f"K{n % 30:02}", f"2024-{1 + n % 12:02}-{1 + n % 28:02}", 2 + n % 90] for n in range(200)]
    path = write("data/lines.csv", ["order_line_key", "order_key", "customer_key", "ordered_on", "amount"], body)
    assert main(["init", "shop", "--purchases", path, "--dry-run"]) == 0
    said = capsys.readouterr().out
    assert "order_key -> transaction_id (id)" in said
    assert "order_line_key: purchase features do not need it" in said
    assert "+shop_transactions,transaction_id,order_key" in said


def test_orders_of_other_customers_are_refused(project, capsys):
    source = members()
    Path(source).write_text(Path(source).read_text().replace("K0", "Z0"))
    assert main(["init", "shop", source, "--purchases", orders()]) == 1
    assert "No customer of data/orders.csv" in capsys.readouterr().err


def test_templates_describe_what_the_models_of_retail_have():
    def columns(text):
        models = yaml.safe_load(text.split("\nunit_tests:")[0])
        return {
            one["name"].replace("retail", "shop"): [c["name"] for c in one["columns"] or []] for one in models["models"]
        }

    retail = columns((ROOT / "models/datasets/retail/_retail__models.yml").read_text())
    template = (
        (ROOT / "src/customer_segmentation/datasets/templates/purchases/models.yml")
        .read_text()
        .replace("<dataset>", "shop")
    )
    ours = columns(
        "models:\n" + template.replace("*shop", "x").replace("<<: x", "y: x").replace("<orders columns>", "")
    )
    ours.pop("input_shop_transactions", None)
    assert {name: retail[name] for name in ours} == ours


def test_what_comes_with_the_command_is_what_the_seeds_say():
    def known(path):
        found = []
        for row in seed_files.seed_rows((ROOT / path).read_text(encoding="utf-8")):
            kind = row.pop("dataset", None) or row.pop("input")
            found.append(row | {"of": kind.rpartition("_")[2] if "_" in kind else ""})
        return found

    for name in ("input_definitions", "input_synonyms", "features"):
        seed = known(f"seeds/judgement/{name}.csv")
        assert [row for row in known(f"src/customer_segmentation/datasets/known/{name}.csv") if row not in seed] == []


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("mall", "exists"),
        ("select", "is a word of SQL"),
        ("published", "is a word of SQL"),
        ("segments", "is a word of SQL"),
        ("My Shop", "for example my_shop"),
        ("Shop", "for example shop"),
        ("a" * 50, "at most 40"),
    ],
)
def test_a_name_that_cannot_be_is_refused(project, capsys, name, message):
    source = members()
    before = snapshot(project)
    assert main(["init", name, source]) == 2
    assert message in capsys.readouterr().err
    assert snapshot(project) == before


@pytest.mark.parametrize(
    ("header", "body", "message"),
    [
        (["a"], [[1], [2]], "has one column"),
        (["id", "colour"], [[1, "red"], [2, "red"], [3, "blue"], [4, "blue"]], "no number column"),
        (["id", "visits"], [[number % 5, number] for number in range(40)], "repeat an id"),
        (["id", "visits"], [], "no rows"),
    ],
)
def test_a_source_that_is_no_table_of_customers_is_refused(project, capsys, header, body, message):
    source = write("data/source.csv", header, body)
    before = snapshot(project)
    assert main(["init", "shop", source]) == 1
    said = capsys.readouterr().err
    assert message in said
    assert "Traceback" not in said
    assert snapshot(project) == before


@pytest.mark.parametrize(("name", "is_id"), [("Mitglied", True), ("Member code", True), ("Remark", False)])
def test_an_id_that_a_row_repeats_or_lacks_is_an_id_all_the_same_if_its_name_says_so(project, capsys, name, is_id):
    ids = [f"M-{number:03}" for number in range(80)] + ["M-007", ""]
    source = write("data/source.csv", [name, "Visits"], [[one, number % 30] for number, one in enumerate(ids)])
    assert main(["init", "shop", source, "--dry-run"]) == 0
    said = capsys.readouterr().out
    assert (f"{name} -> customer_id (id)" in said) == is_id
    assert ("the id 'M-007' is in 2 rows, and 1 of 81 rows repeat an id" in said) == is_id
    assert ("No column is an id: each customer gets the row number." in said) != is_id


@pytest.mark.parametrize(
    ("source", "code", "message"),
    [
        ("data/nothing.csv", 1, "does not exist"),
        ("crm.customers", 1, "does not exist. Run `dbt build` first"),
        ("a.b.c.d", 2, "is not a source"),
        ("source('crm')", 2, "is not a source"),
        ("https://example.org/a.csv", 1, "address on a network"),
    ],
)
def test_a_source_that_is_not_there_is_refused(project, capsys, source, code, message):
    assert main(["init", "shop", source]) == code
    assert message in capsys.readouterr().err


def test_a_table_of_the_warehouse_is_a_source(project, capsys):
    with duckdb.connect("warehouse.duckdb") as database:
        database.execute("create schema crm")
        database.execute(f"create table crm.people as select * from read_csv('{members()}')")
        database.execute("create view dim_people as select * from crm.people")
    assert main(["init", "shop", "crm.people"]) == 0
    assert main(["init", "shop_two", "ref('dim_people')"]) == 0
    model = Path("models/datasets/shop_two/input_shop_two_customers.sql").read_text()
    assert "read_input('shop_two_customers', ref('dim_people'))" in model
    assert main(["init", "shop_three", "ref('never_built')"]) == 1
    assert "Build it first: `dbt build --select never_built`" in capsys.readouterr().err


@pytest.mark.parametrize(
    "source", ["data/*.csv", "data/people.csv.gz", "data/people.parquet", "data/people.xlsx#Members"]
)
def test_whatever_the_build_reads_is_a_source(project, capsys, source):
    people = pd.DataFrame(
        {
            "Member ID": range(1000, 1080),
            "Visits": [n * 7 % 40 for n in range(80)],
            "Spent": [n % 17 * 3.5 for n in range(80)],
        }
    )
    if "*" in source:
        people[:40].to_csv("data/a.csv", index=False)
        people[40:].to_csv("data/b.csv", index=False)
    elif "#" in source:
        with pd.ExcelWriter("data/people.xlsx") as book:
            pd.DataFrame({"note": ["none"]}).to_excel(book, sheet_name="Notes", index=False)
            people.to_excel(book, sheet_name="Members", index=False)
    else:
        {"gz": people.to_csv, "parquet": people.to_parquet}[source.rpartition(".")[2]](source, index=False)
    assert main(["init", "shop", source, "--dry-run"]) == 0
    said = capsys.readouterr().out
    for taken in ("Member ID -> customer_id (id)", "Visits -> visits (number", "Spent -> spent (number"):
        assert taken in said
    assert f"{{{{ read_input('shop_customers', '{source}') }}}}" in said
    assert "2 to 8 segments compared" in said  # of 80 customers


@pytest.mark.slow
def test_of_100_columns_the_best_are_kept(project, capsys):
    draw = random.Random(3)
    body = [[number, *(round(draw.gauss(50, 9), 2) for _ in range(99))] for number in range(60)]
    assert main(["init", "shop", write("data/wide.csv", ["id", *(f"v{n}" for n in range(99))], body)]) == 0
    assert len([row for row in rows("features") if row["dataset"] == "shop"]) == customers.MOST_FEATURES
    assert capsys.readouterr().out.count("other number columns distinguish customers better") >= 79


def test_odd_names_become_columns(project, capsys):
    header = ["id", "order", 'it\'s "quoted"', "{{ x }}", "naïve €", "", "reason", "群", "a b", "a-b"]
    draw = random.Random(3)
    body = [[f"c{number}", *(draw.randrange(90) for _ in header[1:])] for number in range(60)]
    assert main(["init", "shop", write("data/odd.csv", header, body)]) == 0
    names = [row["column_name"] for row in rows("input_definitions") if row["input"] == "shop_customers"]
    assert len(names) == len(set(names)) == 8
    assert all(name.isidentifier() and name.isascii() and name == name.lower() for name in names)
    assert not {"order", "reason"} & set(names)
    assert capsys.readouterr().out.count("differ in marks or capitals alone") == 4  # in the account and in the yml
    yaml.safe_load(Path("models/datasets/shop/_shop__models.yml").read_text(encoding="utf-8"))


def test_a_gender_that_says_nothing_is_left_out(project, capsys):
    body = [[number, number % 2, number * 3 % 17] for number in range(60)]
    assert main(["init", "shop", write("data/g.csv", ["id", "Sex", "visits"], body), "--dry-run"]) == 0
    assert "do not say which is female" in capsys.readouterr().out


def test_all_is_written_or_nothing(project, monkeypatch, capsys):
    source = members()
    before = snapshot(project)
    replaced = os.replace

    def fails_in_the_end(old, new):
        if str(new).endswith("segmentations.csv") and str(old).endswith(".tmp"):
            raise OSError(28, "No space left on device", str(new))
        replaced(old, new)

    monkeypatch.setattr(writing.os, "replace", fails_in_the_end)
    assert main(["init", "shop", source]) == 1
    assert "Nothing was changed" in capsys.readouterr().err
    assert snapshot(project) == before
    assert not (project / "models/datasets/shop").exists()


def test_nothing_is_overwritten(project, capsys):
    (project / "quality/shop").mkdir()
    (project / "quality/shop/shop_customer_features.yml").write_text("mine")
    assert main(["init", "shop", members()]) == 1
    assert "overwrites nothing" in capsys.readouterr().err


def test_init_and_remove_cancel_out(project):
    source, bought = members(), orders()
    before = snapshot(project)
    assert main(["init", "shop", source, "--purchases", bought]) == 0
    assert main(["remove", "shop"]) == 0
    assert snapshot(project) == before


def test_examples_are_removed_with_all_that_is_theirs(project):
    assert main(["init", "shop", members(), "--only"]) == 0
    left = Path("dbt_project.yml").read_text(encoding="utf-8")
    assert project_vars.listed(left, "datasets") == ["shop"]
    assert project_vars.listed(left, "datasets_with_purchases") == []
    assert project_vars.listed(left, "fallback_segmentations") == []
    assert [path.name for path in Path("models/datasets").iterdir() if path.is_dir()] == ["shop"]
    assert not list(Path("seeds").glob("raw/*mall*"))
    for name in (
        "campaigns",
        "persona_definitions",
        "rfm_group_campaigns",
        "rfm_limits",
        "rfm_measures",
        "published_results",
    ):
        assert rows(name) == []
    for file in Path("seeds/judgement").glob("*.csv"):
        for row in rows(file.stem):
            assert row.get("dataset", "shop") == "shop"
            assert row.get("segmentation", "shop_segments") == "shop_segments"
            assert row.get("input", "") in ("", "shop_customers")
    # what orders need is known without retail, too
    assert main(["init", "shop_two", orders()]) == 0
    assert (
        len({row["column_name"] for row in rows("input_definitions") if row["input"] == "shop_two_transactions"}) > 10
    )


def test_campaigns_that_others_use_stay(project):
    used = {row["campaign"] for row in rows("persona_campaigns") if not row["segmentation"].startswith("mall_")}
    assert main(["remove", "mall"]) == 0
    assert {row["campaign"] for row in rows("campaigns")} == used | {"vip_evening", "personal_advice"}
    # these two are those of RFM groups of retail only
    assert main(["remove", "retail"]) == 0
    assert not {"vip_evening", "personal_advice"} & {row["campaign"] for row in rows("campaigns")}


def test_what_was_edited_by_hand_is_kept(project, capsys):
    assert main(["init", "shop", members()]) == 0
    model = Path("models/datasets/shop/shop_customer_features.sql")
    model.write_text(model.read_text() + "-- mine\n")
    before = snapshot(project)
    assert main(["remove", "shop"]) == 1
    said = capsys.readouterr().err
    assert "shop_customer_features.sql" in said
    assert "edited by hand" in said
    assert snapshot(project) == before
    assert main(["remove", "shop", "--force"]) == 0
    assert not model.exists()


def test_a_file_that_was_put_beside_the_models_is_kept(project, capsys):
    assert main(["init", "shop", members()]) == 0
    Path("models/datasets/shop/mine.sql").write_text("select 1 as one")
    assert main(["remove", "shop"]) == 1
    assert "mine.sql" in capsys.readouterr().err


def test_the_last_dataset_stays(project, capsys):
    assert main(["remove", "mall", "sales", "retail"]) == 1
    assert "none would be left" in capsys.readouterr().err
    assert main(["remove", "nothing"]) == 2
    assert "There is no dataset nothing" in capsys.readouterr().err


def test_another_folder_is_no_project(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["init", "shop", "a.csv"]) == 1
    assert "is not the root of the project" in capsys.readouterr().err
    Path("dbt_project.yml").write_text("name: theirs\n")
    assert main(["remove", "shop"]) == 1
    assert "the project 'theirs'" in capsys.readouterr().err


@pytest.mark.parametrize(("answer", "code"), [("n", 1), ("", 1), ("y", 0)])
def test_a_terminal_is_asked(project, monkeypatch, answer, code):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

        def reconfigure(self, **_):
            pass

    source = members()
    monkeypatch.setattr("sys.stdin", Terminal(f"{answer}\n"))
    monkeypatch.setattr("sys.stdout", Terminal())
    assert main(["init", "shop", source]) == code
    assert Path("models/datasets/shop").exists() == (code == 0)


@pytest.mark.parametrize(
    "written",
    ["vars:\n  datasets: [a, b]  # all\n", "vars:\n  datasets:\n    - a\n    - b\n  other: 1\n", "vars:\n  datasets: [\n    a,\n    b\n  ]\n"],
)  # fmt: skip
def test_vars_are_edited_however_the_list_is_written(written):
    changed = project_vars.with_listed(written, "datasets", ["a", "b", "c"])
    before, after = yaml.safe_load(written)["vars"], yaml.safe_load(changed)["vars"]
    assert after == before | {"datasets": ["a", "b", "c"]}
    assert ("# all" in written) == ("# all" in changed)
    added = project_vars.with_listed(written, "datasets_with_purchases", ["c"], "why")
    assert yaml.safe_load(added)["vars"]["datasets_with_purchases"] == ["c"]


def test_a_spelling_stands_for_one_column():
    known = Known({}, {"customer_id": ["customer_id", "Member ID"], "age": ["age"]})
    assert known.column_of("member_id") == "customer_id"
    assert known.column_of("height") is None


def orders_with(column, *values):
    lines = [
        f"o{number},c{number % 40},2025-{number % 12 + 1:02}-03,{number * 10}.50,{values[number % len(values)]}"
        for number in range(200)
    ]
    Path("orders.csv").write_text("\n".join([f"order_id,customer_id,order_date,total,{column}", *lines]))
    return "orders.csv"


@pytest.mark.parametrize(
    "values", [("paid", "Refunded"), ("completed", "CANCELLED", "on-hold"), ("geliefert", "storniert")]
)
def test_a_column_of_words_for_a_status_is_the_status_of_an_order(project, capsys, values):
    assert main(["init", "shop", orders_with("State", *values), "--dry-run"]) == 0
    said = capsys.readouterr().out
    assert "  State -> status (status)" in said
    assert "Column 'State' is taken for status." in said


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("Membership", ("active", "cancelled")),  # of a customer, not of an order
        ("Customer State", ("paid", "cancelled")),
        ("Remark", ("paid", "cancelled", "call back")),
    ],
)
def test_what_may_be_a_status_is_named_and_not_guessed(project, capsys, column, values):
    assert main(["init", "shop", orders_with(column, *values), "--dry-run"]) == 0
    said = capsys.readouterr().out
    assert (
        f"  {column}: orders with 'cancelled' count as purchases, because it is not certain that this is their" in said
    )
    assert "taken for status" not in said


def test_one_of_two_possible_statuses_is_not_guessed(project, capsys):
    path = Path(orders_with("State,Delivery", "paid,delivered", "refunded,returned"))
    assert main(["init", "shop", str(path), "--dry-run"]) == 0
    said = capsys.readouterr().out
    assert "  State: orders with 'refunded' count as purchases" in said
    assert "  Delivery: orders with 'returned' count as purchases" in said


def test_words_that_lose_no_money_are_no_status(project, capsys):
    assert main(["init", "shop", orders_with("Channel", "new", "active"), "--dry-run"]) == 0
    assert "status" not in capsys.readouterr().out.partition("The orders of shop")[2]


def test_a_french_export_names_its_money(project, capsys):
    lines = [f"{number};CL{number % 40};{number % 28 + 1:02}/03/2025;{number} 010,50 €" for number in range(1, 9)] * 20
    Path("caisse.csv").write_text("\n".join(["Ticket;Client;Date;Montant TTC", *lines]))
    assert main(["init", "caisse", "caisse.csv", "--dry-run"]) == 0
    said = capsys.readouterr().out
    assert "  Montant TTC -> amount (number)" in said
    assert "the var currency is € instead of $" in said
