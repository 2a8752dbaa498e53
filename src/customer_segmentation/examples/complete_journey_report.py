"""Print what a build on The Complete Journey found, as the tables of docs/real_data.md.

The figures come from the published database, those about the receipts themselves from the files of the package. The
page holds the tables as they are printed here, each between two comments; those that the build contradicts are named.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

import duckdb

from customer_segmentation.errors import InputError
from customer_segmentation.examples.complete_journey import TIME_ZONE, open_sources, package_data_folder

DEFAULT_PATH = "target/complete_journey/published/marts.duckdb"
PAGE = "docs/real_data.md"

# What the receipts hold that a reader of the results should know: a query each, over one row per line of a receipt.
# `day` is the day in the time zone of the stores, `is_fuel` marks gasoline.
LINES = f"""
    select
        transactions.*,
        products.department,
        cast(timezone('{TIME_ZONE}', timezone('UTC', transaction_timestamp)) as date) as day,
        cast(transaction_timestamp as date) as utc_day,
        products.product_id is null as is_unknown_product,
        coalesce(products.product_type like 'GASOLINE%', false) as is_fuel
    from transactions
    left join products on transactions.product_id = products.product_id
"""
# Whether `sales_value` holds what the coupon of a manufacturer pays: the same product and store and week without one.
COUPONS = """
    with without_coupon as (
        select product_id, store_id, week, median((sales_value + retail_disc) / quantity) as price
        from lines where coupon_disc = 0 and quantity > 0 and sales_value > 0
        group by product_id, store_id, week
    )
    select abs((sales_value + retail_disc + coupon_match_disc) / quantity - price) < 0.02 as is_same_price
    from lines
    inner join without_coupon
        on
            lines.product_id = without_coupon.product_id
            and lines.store_id = without_coupon.store_id
            and lines.week = without_coupon.week
    where coupon_disc > 0 and quantity > 0
"""
RECEIPTS = {
    "lines": "select count(*) from lines",
    "baskets": "select count(distinct basket_id) from lines",
    "households": "select count(distinct household_id) from lines",
    "households with known age and income": """
        select count(*) from demographics where age is not null and income is not null
    """,
    "households in the open band 65+": "select count(*) from demographics where age = '65+'",
    "households in the open band 250K+": "select count(*) from demographics where income = '250K+'",
    "stores": "select count(distinct store_id) from lines",
    "first day": "select min(day) from lines",
    "last day": "select max(day) from lines",
    "money received, $": "select cast(round(sum(sales_value)) as bigint) from lines",
    "of it paid by manufacturers for their coupons, $": "select cast(round(sum(coupon_disc)) as bigint) from lines",
    "lines with such a coupon that can be compared with one without": f"select count(*) from ({COUPONS})",
    "of them at the same price before discounts": f"select count(*) from ({COUPONS}) where is_same_price",
    "lines with a negative amount (returns)": "select count(*) from lines where sales_value < 0",
    "lines with the amount 0": "select count(*) from lines where sales_value = 0",
    "baskets that sum up to 0": """
        select count(*) from (select 1 from lines group by basket_id having sum(sales_value) = 0)
    """,
    "lines that come again in every column": """
        select (select count(*) from lines) - (select count(*) from (select distinct * from lines))
    """,
    "lines that would seem to come again if there were no `product_id`": """
        select (select count(*) from lines) - count(*) from (
            select distinct basket_id, household_id, day, sales_value, quantity, department, store_id from lines
        )
    """,
    "the money of these lines, $": """
        select cast(round(coalesce(sum(sales_value), 0)) as bigint) from (
            select sales_value, row_number() over (
                partition by basket_id, household_id, day, sales_value, quantity, department, store_id
            ) as occurrence
            from lines
        )
        where occurrence > 1
    """,
    "lines of products that are not described": "select count(*) from lines where is_unknown_product",
    "lines of gasoline": "select count(*) from lines where is_fuel",
    "money for gasoline, $": "select cast(round(sum(sales_value)) as bigint) from lines where is_fuel",
    "baskets with nothing but gasoline": """
        select count(*) from (select 1 from lines group by basket_id having bool_and(is_fuel))
    """,
    "largest quantity of gasoline in a line": "select max(quantity) from lines where is_fuel",
    "largest quantity of anything else in a line": "select max(quantity) from lines where not is_fuel",
    "baskets that fall on the next day in UTC": "select count(distinct basket_id) from lines where utc_day <> day",
    "weeks of the retailer that are spread over two calendar weeks": """
        select count(*) from (select 1 from lines group by week having count(distinct date_trunc('week', day)) > 1)
    """,
    "the same in UTC": """
        select count(*) from (select 1 from lines group by week having count(distinct date_trunc('week', utc_day)) > 1)
    """,
}

# What the build published: a query each, with the columns of the table as they are printed.
QUERIES = {
    "rows": """
        with inputs as (
            select input, any_value(input_rows) as input_rows from input_columns
            where dataset = 'retail' group by input
        ),
        reasons as (
            select input, reason, count(*) as rejected from rejected_rows
            where dataset = 'retail' group by input, reason
        ),
        rejections as (
            select
                input, cast(sum(rejected) as bigint) as rejected,
                string_agg(reason || ': ' || rejected, ', ' order by rejected desc, reason) as reasons
            from reasons group by input
        )
        select
            inputs.input, input_rows as "rows", input_rows - coalesce(rejected, 0) as used,
            coalesce(rejected, 0) as rejected, coalesce(reasons, 'none') as reasons
        from inputs left join rejections on inputs.input = rejections.input
        order by inputs.input
    """,
    "columns": """
        select input, column_found as "column", read_as as "read as", values_used as "values used", note
        from input_columns where dataset = 'retail' order by input, position
    """,
    "households": """
        select
            count(*) as households, max(as_of_date) as "as of", format('{:,.0f}', sum(frequency)) as orders,
            format('{:.0f}', median(frequency)) as "median orders",
            format('{:,.0f}', sum(monetary_value)) as "money, $",
            count(*) filter (where purchase_history = 'once') as "bought once",
            count(*) filter (where purchase_history = 'none') as "bought never"
        from retail_customer_features
    """,
    "departments": """
        select
            category as department, count(*) as "households that buy from it",
            format('{:,.0f}', sum(purchased_amount)) as "money, $",
            format('{:.1f} %', 100.0 * sum(purchased_amount) / sum(sum(purchased_amount)) over ()) as "share of money"
        from retail_category_mix group by category order by sum(purchased_amount) desc limit 8
    """,
    "thresholds": """
        with spans as (
            select
                measure, score,
                case
                    when above is null then 'up to ' || format('{:,.0f}', up_to)
                    when up_to is null then 'more than ' || format('{:,.0f}', above)
                    else 'more than ' || format('{:,.0f}', above) || ', up to ' || format('{:,.0f}', up_to)
                end as span
            from rfm_thresholds where dataset = 'retail'
        )
        select
            score, max(span) filter (where measure = 'recency') as "recency, days",
            max(span) filter (where measure = 'frequency') as "frequency, orders",
            max(span) filter (where measure = 'monetary') as "monetary, $"
        from spans group by score order by score desc
    """,
    "rfm_groups": """
        with known_for as (
            select rfm_group_id, median(tenure_days) as tenure_days
            from rfm_scores
            inner join retail_customer_features on rfm_scores.customer_id = retail_customer_features.customer_id
            where dataset = 'retail' group by rfm_group_id
        )
        select
            rfm_group as "RFM group", customers as households,
            format('{:.1f} %', 100.0 * share_of_customers) as share,
            format('{:.1f} %', 100.0 * share_of_monetary) as "share of money",
            format('{:.1f}', mean_recency) as "mean days since last",
            format('{:.0f}', tenure_days) as "median days since first",
            format('{:.0f}', mean_frequency) as "mean orders", format('{:,.0f}', mean_monetary) as "mean money, $"
        from rfm_groups
        left join known_for on rfm_groups.rfm_group_id = known_for.rfm_group_id
        where dataset = 'retail' order by position
    """,
    "fit": """
        select
            segmentation_fits.customers as "households in the fit",
            format('{:.1f} %', 100.0 * segmentation_fits.customers / datasets.customers) as "of all", k as segments,
            format('{:.2f}', silhouette) as silhouette,
            format('{:.0f} %', 100.0 * share_of_starts_at_best) as "starts that reach the optimum"
        from segmentation_fits inner join datasets on segmentation_fits.dataset = datasets.dataset
        where segmentation = 'retail_personas'
    """,
    "personas": """
        select
            segments.cluster_id as segment, segments.persona as "persona given to it", segments.customers as households,
            format('{:.1f} %', 100.0 * share_of_customers) as share, borderline_customers as borderline,
            headline as typical,
            format('{:.2f}', match_distance) as "match distance", match_grade as "match grade"
        from segments
        inner join personas
            on segments.segmentation = personas.segmentation and segments.cluster_id = personas.cluster_id
        where segments.segmentation = 'retail_personas' order by segments.cluster_id
    """,
    "traits": """
        select
            cluster_id as segment, persona, feature, expected_level as claimed,
            format('{:,.1f}', expected_value) as "typical value of the claim",
            coalesce('at least ' || format('{:,.1f}', lowest_value), 'at most ' || format('{:,.1f}', highest_value))
                as "holds within",
            format('{:,.1f}', found_value) as found, case when is_contradicted then 'yes' else 'no' end as contradicted
        from persona_trait_checks where segmentation = 'retail_personas' order by cluster_id, persona, feature
    """,
    "profiles": """
        select
            cluster_id as segment, format('{:.0f}', max(median) filter (where feature = 'age')) as "median age",
            format('{:.1f}', max(median) filter (where feature = 'annual_income_k')) as "median income, k$",
            format('{:.0f}', max(median) filter (where feature = 'frequency')) as "median orders",
            format('{:,.0f}', max(median) filter (where feature = 'monetary_value')) as "median money, $",
            format('{:.2f}', max(median) filter (where feature = 'average_order_value')) as "median order, $",
            format('{:.0f}', max(median) filter (where feature = 'recency_days')) as "median days since"
        from segment_profiles where segmentation = 'retail_personas' group by cluster_id order by cluster_id
    """,
    "correlations": """
        with logs as (
            select ln(annual_income_k) as income, ln(1 + frequency) as frequency, ln(1 + monetary_value) as money
            from retail_customer_features where annual_income_k > 0 and monetary_value >= 0
        )
        select
            format('{:.2f}', corr(income, frequency)) as "income and orders",
            format('{:.2f}', corr(income, money)) as "income and money",
            format('{:.2f}', corr(frequency, money)) as "orders and money"
        from logs
    """,
    "known": """
        select
            case when features.annual_income_k is null then 'unknown' else 'known' end as demographics,
            count(*) as households,
            format('{:.1f} %', 100.0 * sum(features.monetary_value) / sum(sum(features.monetary_value)) over ())
                as "share of money",
            format('{:.0f}', median(features.recency_days)) as "median days since",
            format('{:.0f}', median(features.frequency)) as "median orders",
            format('{:,.0f}', median(features.monetary_value)) as "median money, $",
            format('{:.2f}', median(features.average_order_value)) as "median order, $",
            format('{:.1f} %', 100.0 * count(*) filter (where rfm_group_id in ('champions', 'loyal')) / count(*))
                as "Champions or Loyal",
            format('{:.1f} %', 100.0 * count(*) filter (where rfm_group_id in ('hibernating', 'lost')) / count(*))
                as "Hibernating or Lost"
        from retail_customer_features as features
        inner join rfm_scores on rfm_scores.dataset = 'retail' and features.customer_id = rfm_scores.customer_id
        group by demographics order by demographics
    """,
    "quality": """
        select relation as "table", column_name as "column", expectation as expected, observed_value as found
        from data_quality_results where not success order by suite, position
    """,
}


def report(database: duckdb.DuckDBPyConnection, package_data: str | Path) -> dict[str, str]:
    """Make the tables of the page.

    Parameters
    ----------
    database : DuckDBPyConnection
        What the build on The Complete Journey published.
    package_data : str or Path
        The folder `data` of the package.

    Returns
    -------
    dict of str to str
        Markdown tables by name.
    """
    tables = {"receipts": receipts_table(package_data)}
    for name, query in QUERIES.items():
        tables[name] = _table(database, query)
    tables["cross"] = cross_table(database)
    return tables


def receipts_table(package_data: str | Path) -> str:
    """Count what the receipts of the package hold.

    Parameters
    ----------
    package_data : str or Path
        The folder `data` of the package.

    Returns
    -------
    str
        A markdown table, one line per count.
    """
    with open_sources(package_data) as connection:
        connection.execute(f"create table lines as {LINES}")
        counts = [(label, connection.execute(query).fetchall()[0][0]) for label, query in RECEIPTS.items()]
    return _markdown(["in the receipts", "found"], counts)


def cross_table(database: duckdb.DuckDBPyConnection) -> str:
    """Cross the segments with the RFM groups that their households are in.

    Parameters
    ----------
    database : DuckDBPyConnection
        What the build published.

    Returns
    -------
    str
        A markdown table, one line per RFM group with households, one column per segment; in brackets the share of the
        segment.
    """
    segments = database.execute(
        "select cluster_id, persona from segments where segmentation = 'retail_personas' order by cluster_id"
    ).fetchall()
    columns = ""
    for cluster_id, persona in segments:
        name = f"segment {cluster_id}, {persona}".replace('"', '""')
        columns += (
            ", coalesce(max(crossed.customers || format(' ({:.0f} %)', 100.0 * share_of_segment))"
            f""" filter (where cluster_id = {cluster_id}), '0') as "{name}\""""
        )
    return _table(
        database,
        f"""
        select crossed.rfm_group as "RFM group"{columns}
        from (select * from rfm_group_segments where segmentation = 'retail_personas') as crossed
        inner join rfm_groups on crossed.dataset = rfm_groups.dataset and crossed.rfm_group_id = rfm_groups.rfm_group_id
        group by crossed.rfm_group, rfm_groups.position order by rfm_groups.position
        """,
    )


def outdated(tables: dict[str, str], page: str) -> list[str]:
    """Name the tables that a page does not hold as they are.

    Parameters
    ----------
    tables : dict of str to str
        Markdown tables by name.
    page : str
        Text of the page.

    Returns
    -------
    list of str
        Names of the tables that differ or are missing.
    """
    return [name for name, table in tables.items() if _marked(name, table) not in page]


def _marked(name: str, table: str) -> str:
    return f"<!-- {name} -->\n{table}\n<!-- end -->"


def _table(database: duckdb.DuckDBPyConnection, query: str) -> str:
    result = database.execute(query)
    names = [column[0] for column in result.description]
    return _markdown(names, result.fetchall())


def _markdown(names: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Write a markdown table; columns of figures are aligned to the right."""
    texts = [
        [f"{cell:,}" if isinstance(cell, int) else "" if cell is None else str(cell) for cell in row] for row in rows
    ]
    sides = ["---:" if all(not row[i] or row[i][0].isdigit() for row in texts) else "---" for i in range(len(names))]
    lines = [names, *texts]
    written = [f"| {' | '.join(line)} |" for line in lines]
    return "\n".join([written[0], f"|{'|'.join(sides)}|", *written[1:]])


def main() -> str | None:
    """Print the tables of the published database named on the command line; return what went wrong, if anything did."""
    path = Path(sys.argv[1] if len(sys.argv) > 1 else DEFAULT_PATH)
    if not path.is_file():
        return f"{path} does not exist. Run `make real-data` first, or name a published database."
    try:
        with duckdb.connect(str(path), read_only=True) as database:
            tables = report(database, package_data_folder())
    except InputError as error:
        return str(error)
    for name, table in tables.items():
        print(f"\n{_marked(name, table)}")
    page = Path(PAGE)
    differing = outdated(tables, page.read_text(encoding="utf-8")) if page.is_file() else list(tables)
    if differing:
        print(f"\n{PAGE} says something else in: {', '.join(differing)}. Copy these tables, then read its text again.")
    else:
        print(f"\nEvery table of {PAGE} says the same.")
    return None


if __name__ == "__main__":
    sys.exit(main())
