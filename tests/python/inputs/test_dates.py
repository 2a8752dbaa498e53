"""Dates as files have them: the order of their numbers, years of two digits and names of months, decided by all values of a column."""

import datetime
import json

import duckdb
import pytest

from helpers.projects import copy_built

# reads the dates of each table of the schema `dates` as the purchase dates of an input
MACRO = """
{% macro read_dates(tables) %}
    {% for table in tables %}
        {% set relation = api.Relation.create(database=target.database, schema='dates', identifier=table) %}
        {% set reading = with_notations('retail_transactions', relation, [{
            'column': 'transaction_date', 'kind': 'date', 'when_missing': 'reject_row', 'minimum': '1990-01-01', 'maximum': '2030-12-31',
            'choices': [], 'found': 'written', 'type': 'text', 'comma': none, 'points': none, 'dates': none, 'notes': [],
        }], {}) %}
        {% do run_query(
            "create or replace table dates.read_" ~ table ~ " as select place, " ~ input_value(reading[0])
            ~ " as read from (select *, trim(written) as transaction_date_text from " ~ relation ~ ") as given"
        ) %}
        {% do run_query("comment on table dates.read_" ~ table ~ " is '" ~ (reading[0].notes or []) | join('; ') | replace("'", "''") ~ "'") %}
    {% endfor %}
{% endmacro %}
"""
DAYS = [datetime.date(2023, 5, 28) + datetime.timedelta(days=11 * number) for number in range(40)]


def written(form, days=DAYS):
    """Write days with the codes of strftime; %-d and %-m as other systems do not know them."""
    return [day.strftime(form.replace("%-d", str(day.day)).replace("%-m", str(day.month))) for day in days]


COLUMNS = {
    "iso": written("%Y-%m-%d"),
    "iso_with_time_and_zone": written("%Y-%m-%dT10:20:30+02:00"),
    "compact": written("%Y%m%d"),
    "year_first_slashes": written("%Y/%m/%d"),
    "slashes_day_first": written("%-d/%-m/%Y"),
    "slashes_month_first": written("%m/%d/%Y 10:15 PM"),
    "dashes_day_first": written("%d-%m-%Y"),
    "dashes_month_first": written("%m-%d-%Y"),
    "dots": written("%d.%m.%Y"),
    "dots_that_nothing_contradicts": written("%d.%m.%Y", [day for day in DAYS if day.day < 13]),
    "dots_month_first": written("%m.%d.%Y"),
    "month_in_the_middle": written("%d %b %Y"),
    "month_in_full": written("%-d %B %Y"),
    "month_first_and_comma": written("%b %d, %Y"),
    "month_first_in_full": written("%B %-d, %Y 09:00"),
    "month_with_dashes": written("%d-%b-%Y"),
    "month_with_dashes_and_short_year": written("%d-%b-%y"),
    "month_in_capitals": [text.upper() for text in written("%d%b%Y")],
    "weekday": written("%a, %d %b %Y 10:20:30 +0000"),
    "year_then_month": written("%Y-%b-%d"),
    "short_slashes_day_first": written("%d/%m/%y"),
    "short_slashes_month_first": written("%-m/%-d/%y 08:30"),
    "short_dots": written("%d.%m.%y"),
    "short_year_first": written("%y-%m-%d"),
    "short_beside_long": written("%d/%m/%Y", DAYS[:20]) + written("%d/%m/%y", DAYS[20:]),
}  # fmt: skip
OPEN = {
    "slashes": ["03/04/2024", "05/06/2024"],
    "dashes": ["03-04-2024", "05-06-2024"],
    "both_orders": ["13/04/2024", "04/13/2024"],
    "short": ["03/04/24", "05/06/24", "07/08/24"],
    "short_without_a_year": ["13/04/14", "15/06/15", "17/08/16"],
}


@pytest.fixture(scope="module")
def project(built_before, tmp_path_factory):
    """A copy of the built project with tables of dates, and a macro that reads them."""
    project = copy_built(built_before, tmp_path_factory.mktemp("dates") / "project")
    (project.folder / "macros/read_dates.sql").write_text(MACRO)
    others = {
        "odd": ["3. März 2024", "Sept. 3rd, 2024", "4 Sept 2024", "12 Mar 10:30", "March 2024", "31 Feb 2024", "soon", "14 Foo 2024"],
        "centuries": ["13/12/30", "15/12/99", "31/12/90", "28/02/95"],
        "one_typing_error": [*written("%d/%m/%y"), "29/02/23"],
    }  # fmt: skip
    with duckdb.connect(str(project.database)) as warehouse:
        warehouse.execute("create schema dates")
        for name, values in (COLUMNS | OPEN | others).items():
            warehouse.execute(f"create table dates.{name} (place int, written varchar)")
            warehouse.executemany(f"insert into dates.{name} values (?, ?)", list(enumerate(values)))
    run = read(project, *COLUMNS, *others)
    assert run.returncode == 0, run.stdout
    return project


def read(project, *tables):
    return project.dbt("run-operation", "read_dates", "--args", json.dumps({"tables": tables}))


def dates(project, table):
    return [day for (day,) in project.query(f"select read from dates.read_{table} order by place")]


@pytest.mark.parametrize("table", COLUMNS)
def test_a_date_is_read_as_it_is_written(project, table):
    few = [day for day in DAYS if day.day < 13]
    assert dates(project, table) == (few if table == "dots_that_nothing_contradicts" else DAYS)


def test_names_of_months_in_odd_forms_and_what_is_no_date(project):
    assert dates(project, "odd") == [
        datetime.date(2024, 3, 3), datetime.date(2024, 9, 3), datetime.date(2024, 9, 4), None, None, None, None, None,
    ]  # fmt: skip


def test_a_year_of_two_digits_is_the_last_one_that_is_valid(project):
    assert [day.year for day in dates(project, "centuries")] == [2030, 1999, 1990, 1995]


def test_a_day_that_does_not_exist_does_not_stop_the_others(project):
    assert dates(project, "one_typing_error") == [*DAYS, None]


def test_the_note_says_what_comes_first(project):
    ((note,),) = project.query(
        "select comment from duckdb_tables() where table_name = 'read_short_slashes_month_first'"
    )
    assert note == "two-digit years are the latest ones up to 2030; the month comes first"
    ((note,),) = project.query("select comment from duckdb_tables() where table_name = 'read_dashes_day_first'")
    assert note == "the day comes first in its dates"


@pytest.mark.parametrize("table", OPEN)
def test_an_order_that_stays_open_stops(project, table):
    output = " ".join(read(project, table).stdout.split())
    assert any(
        f"column written: found values such as '{value}', and the column leaves open" in output for value in OPEN[table]
    )
    assert "Write dates as 2024-12-31." in output
