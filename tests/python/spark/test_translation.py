"""A query returns the same on DuckDB and, once translated, on an engine of Spark; what has not been compared is refused."""

import os
import re

import duckdb
import pytest

from customer_segmentation.spark import engine
from customer_segmentation.spark.translation import NotTranslatedError, translate

ENGINE = os.environ.get("ENGINE", "sail")  # make test-spark tries local[2]

ROWS = """(
    select 1 as number, 2.5e0 as figure, 'b' as name, date '2024-01-31' as day, cast(null as int) as nothing union all
    select 2, -2.5e0, 'a', date '2024-02-01', 3 union all
    select 3, 3.5e0, 'c', date '2024-03-15', 5 union all
    select 4, 0.1e0, 'a', date '2023-12-31', null
) as t"""


def texts(*values: str) -> str:
    rows = " union all ".join(f"select '{value}' as text" for value in values)
    return f"({rows}) as t"


# what sqlglot or Spark alone would change in silence: one case each
SAME = {
    "casts round half to even": f"select number, cast(figure as bigint) from {ROWS}",
    "casts of large whole numbers lose nothing": "select cast(9007199254740993 + number as bigint) from (select 0 as number) as t",
    "whole numbers divide with a fraction": f"select number, 1 / number, 1.0 / (number + 4) from {ROWS}",
    "division by nothing but zero is infinite": f"select number, figure / (number - 1) from {ROWS} where figure <> 0",
    "quantiles are exact": f"select round(percentile_cont(0.3) within group (order by figure), 9) from {ROWS}",
    "places of a list begin at one": f"select round(quantile_cont(figure, [0.1, 0.5])[2], 9), list(name order by number)[1] from {ROWS}",
    "places of the list of a column": f"select names[3] from (select list(name order by number) as names from {ROWS}) as lists",
    "months are counted by their ends": f"select number, date_diff('month', day, date '2024-03-01') from {ROWS}",
    "days between dates": f"select number, date_diff('day', day, date '2024-03-01') from {ROWS}",
    "days and months are added": f"select number, cast(day + number * interval 1 month as date), cast(day - interval 2 day as date) from {ROWS}",
    "intervals of views": "select cast(day + cast(2 as bigint) * to_days(cast(trunc(cast(3 as double)) as integer)) as date) from (select date '2024-01-31' as day) as t",
    "the first day of a month": f"select number, cast(date_trunc('month', day) as date), extract(year from day) from {ROWS}",
    "rows of a series, which may be empty": f"select number, unnest(range(1, cast(number as bigint))) as step from {ROWS}",
    "a series as a table": "select numbers.step from range(2, 5) as numbers (step)",
    "joined texts keep their order": f"select string_agg(name, ', ' order by number desc) from {ROWS}",
    "lists keep their order": f"select list(name order by number) from {ROWS}",
    "nothing sorts last": f"select number, row_number() over (order by nothing, number) as place from {ROWS}",
    "rows without a match": f"select number from {ROWS} where not exists (select 1 from {ROWS.replace(' t', ' o')} where o.nothing = t.number)",
    "logarithms": "select round(log(1000), 9), round(log(2, 8), 9), round(ln(2), 9)",
    "figures as texts": """
        select cast(figure as text) from (
            select 1e7 as figure union all select 12345678.9e0 union all select -1e16 union all select 1.5e300
            union all select 1e-4 union all select -1.25e-5 union all select 0e0 union all select 1e0 / 3 union all select 5e0
        ) as t
    """,
    "other values as texts": f"select cast(number as text) || cast(day as text) || cast(number > 2 as text) from {ROWS}",
    "fractions are cut off": f"select number, trunc(figure) from {ROWS}",
    "backslashes and groups of patterns": r"select regexp_matches('a1', '^\w\d$'), regexp_extract('ab12', '([a-z]+)([0-9]+)'), regexp_extract('ab12', '([a-z]+)([0-9]+)', 2)",
    "dates in a form": "select try_strptime('31.12.2023', '%d.%m.%Y'), try_strptime('2023', '%d.%m.%Y')",
    "texts as numbers": "select text, try_cast(text as double) from "
    + texts(
        "12x", "1.5", "5d", "5f", "1_000", "1__0", "0x10", "1e3", " 7 ", "+5", "5.", ".5", "", "inf", "1,5", "1.5D"
    ),
    "texts as dates": "select text, try_cast(text as date) from "
    + texts("2024-01-05", "2024-1-5", "2024/01/05", "2024-01", "2024", "2024-02-30", "20240105", "x", " 2024-01-05 ")
    + " union all select text, try_cast(text as date) from "
    + texts("2024-01-05 10:00:00", "2024-01-05T10:00:00", "2024-01-05 25:00:00", "2024-01-05 10"),
    "decimals as whole numbers": "select cast(2.5 as int), cast(-2.5 as int), cast(cast(1.4 as decimal(10, 2)) as bigint)",
    "large figures without a fraction": "select floor(1e20), ceil(1e20), floor(-1.5e0), ceil(1.2e0)",
    "times keep their time of day": "select cast(timestamp '2024-01-31 10:30:00' + interval 1 month as timestamp)",
    "tables joined in brackets": f"""
        select a.number from ((select number from {ROWS}) as a inner join (select 2 as number) as b on a.number = b.number)
        inner join (select 2 as number) as c on a.number = c.number
    """,
    "values in a query": f"select number from {ROWS} where number in (select 2)",
    "names in double quotes": 'select t."number of" from (select 1 as "number of") as t',
    "the first value by another": f"select arg_min(name, day), bool_and(number > 0), sum(number) filter (where name = 'a') from {ROWS}",
    "the least of what is there": f"select number, least(nothing, number), greatest(nothing, figure) from {ROWS}",
    "one of several values": f"select case number when 1 then 'one' when 2 then 'two' end as word, case nothing when null then 1 else 0 end as none from {ROWS}",
    "sums of shares": f"""
        select cast(sum(cast(share as decimal(18, 15))) as double), cast(sum(cast(-share / 3 as decimal(18, 15))) as double) from (
            select figure / 7 as share from {ROWS} union all select 1e-14 union all select 0.5e-15 union all select cast(null as double)
        ) as t
    """,
    "a sum of no shares": f"select cast(sum(cast(figure as decimal(18, 15))) as double) from {ROWS} where number > 9",
    "a text several times": f"select number, repeat('0', number - 2), repeat(name, nothing) from {ROWS}",
    "digests": f"select md5(name) from {ROWS}",
    "rows of customers who are not on a list": f"select name from {ROWS} where not coalesce(sha256('salt' || name) in ('x', sha256('saltA')), false)",
    "the first bits of a digest": f"select number, cast(md5_number(name || ' 42') >> 76 as bigint) / 4503599627370496.0 from {ROWS}",
}


@pytest.fixture(scope="module")
def spark():
    engine.session.cache_clear()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(engine.VARIABLE, ENGINE)
        yield engine.session()
    engine.session.cache_clear()


def plain(rows) -> list[str]:
    """Write rows as texts in an order of their own: engines return dates and times as different classes."""
    return sorted(
        str([value if not hasattr(value, "isoformat") else value.isoformat() for value in row]) for row in rows
    )


@pytest.mark.parametrize("query", SAME.values(), ids=SAME.keys())
def test_a_translated_query_returns_the_same(spark, query):
    translated = translate(query, lambda schema, name: f"{schema}__{name}")
    assert plain(map(tuple, spark.sql(translated).collect())) == plain(duckdb.sql(query).fetchall())


def test_tables_have_their_name_in_spark():
    asked = []
    translated = translate(
        'select customers.a, o.b from "w"."marts"."customers" join staging.orders as o using (a)',
        lambda schema, name: asked.append((schema, name)) or f"{schema}__{name}",
    )
    assert sorted(asked) == [("marts", "customers"), ("staging", "orders")]
    assert "`marts__customers` AS customers" in translated
    assert "`staging__orders` AS o" in translated


def test_what_is_joined_to_a_table_in_brackets_stays():
    """DuckDB writes its views like this."""
    translated = translate(
        "select a.x from ((s.a as a left join s.b as b on a.x = b.x) join s.c as c on a.x = c.x)", lambda _, name: name
    )
    assert translated == "SELECT a.x FROM ((`a` AS a LEFT JOIN `b` AS b ON a.x = b.x) JOIN `c` AS c ON a.x = c.x)"


@pytest.mark.parametrize(
    ("query", "what"),
    [
        ("select levenshtein(a, 'b') from s.t", "The function levenshtein"),
        ("select entropy(a) from s.t", "The function entropy"),
        ("select string_agg(a, ', ') from s.t", "A list without an order"),
        ("select list(a) from s.t", "A list that is not in the rising order"),
        ("select date_trunc('week', a) from s.t", "The beginning of another period"),
        ("select date_diff('week', a, b) from s.t", "A difference of dates in other units"),
        ("select a + interval 1 hour from s.t", "An interval of other units"),
        ("select try_strptime(a, '%j') from s.t", "This form of dates"),
        ("select a[b] from s.t", "A place in a list"),
        ("select regexp_replace(a, 'x', 'y') from s.t", "The function regexp_replace"),
        ("select substring(a, 0, 2) from s.t", "The function substring"),
        ("select round(a, 2) from s.t", "Rounding to fewer than 9 places"),
        ("select a like b from s.t", "A pattern that is no plain text"),
        (r"select a like 'x\%' from s.t", "A pattern that is no plain text, or holds a backslash"),
        ("select a ilike 'x' from s.t", "The expression ilike"),
        ("select unnest(generate_series(1, a)) from s.t", "A list as rows"),
        ("select step from generate_series(1, 3) as numbers (step)", "A series of numbers"),
        ("select list(distinct a order by a) from s.t", "A list that is not in the rising order"),
        ("select distinct on (a) a from s.t", "The option on of distinct"),
        ("select a from s.t using sample 10%", "The option sample of select"),
        ("select arg_min(a, b, 2) from s.t", "The option count of argmin"),
        ("select try_cast(a as int) from s.t", "An attempt to read a whole number"),
        ("select a from read_parquet('x')", "A reader of Parquet with other options"),
        ("select a from read_parquet('x*', hive_partitioning = false)", "A reader of several Parquet files"),
    ],
)
def test_what_has_not_been_compared_is_refused(query, what):
    with pytest.raises(
        NotTranslatedError, match=f"^{re.escape(what)}.* has not been compared on DuckDB and Spark: .*dbt_project.yml"
    ):
        translate(query, lambda schema, name: name)
