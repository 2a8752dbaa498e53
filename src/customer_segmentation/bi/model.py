"""What the starter files of every BI tool say: tables, relations and metrics of a publication."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb

from customer_segmentation.errors import NotPossibleError
from customer_segmentation.publication.database import other_version, rows, segmentation_names
from customer_segmentation.scoring.input_rows import NESTED_TYPE

FEATURES = "_customer_features"
# The table in which each value of a column occurs once, and those whose rows it filters: a tool relates by one column.
KEYS = {"customer_key": "customers", "segment_key": "segments", "dataset": "datasets"}
# A second way from one table to another would leave open which one a filter takes.
RELATED_BY_DATASET = ("segments",)


@dataclass(frozen=True)
class Column:
    """A column of a published table, its type as DuckDB writes it."""

    name: str
    type: str
    description: str


@dataclass(frozen=True)
class Table:
    """A published table, without columns that hold lists."""

    name: str
    description: str
    columns: tuple[Column, ...]

    def has(self, column: str) -> bool:
        """Return whether the table has a column."""
        return any(own.name == column for own in self.columns)


@dataclass(frozen=True)
class Relation:
    """Rows of a table belong to one row of another by a column that both have.

    Attributes
    ----------
    table, to : str
        The two tables; in `to`, each value of the column occurs once.
    column : str
        The column.
    is_one_to_one : bool
        Whether it occurs once in `table`, too.
    """

    table: str
    to: str
    column: str
    is_one_to_one: bool


@dataclass(frozen=True)
class Metric:
    """A metric of the semantic layer over a published table.

    Attributes
    ----------
    name, label, description : str
        As in the semantic layer; the description begins with the same sentence.
    table : str
        Where it is counted; empty for a ratio.
    how : str
        `distinct`, `sum`, `mean`, `share` (of rows in which the column is true) or `ratio`.
    column : str
        What is counted or added up.
    known : str
        A column that must not be empty; empty if all rows count.
    of : tuple of str
        Names of the two metrics of a ratio.
    is_share : bool
        Whether readers want it as a percentage.
    """

    name: str
    label: str
    description: str
    table: str = ""
    how: str = "ratio"
    column: str = ""
    known: str = ""
    of: tuple[str, ...] = ()
    is_share: bool = False


METRICS = (
    Metric(
        "customers",
        "Customers",
        "Number of distinct customers. Grouped by persona, it is the size of the segments.",
        "customers", "distinct", "customer_key",
    ),
    Metric(
        "audience_size",
        "Audience size",
        "Number of distinct customers whose primary campaign this is, as in `customer_campaigns`. Group by campaign, "
        "channel or persona.",
        "customers", "distinct", "customer_key", known="campaign",
    ),
    Metric(
        "share_borderline",
        "Share borderline",
        "Share of customers who are almost as close to another segment, 0 to 1.",
        "customers", "share", "is_borderline", is_share=True,
    ),
    Metric(
        "revenue_per_customer",
        "Revenue per customer",
        "Average spend per segmented customer, net of returns, in the currency of the transactions; empty for datasets "
        "without purchases.",
        "customers", "mean", "value",
    ),
    Metric(
        "segmentations",
        "Segmentations",
        "Number of distinct segmentations among the customers counted.",
        "segments", "distinct", "segmentation",
    ),
    Metric(
        "summed_shares",
        "Summed shares",
        "Shares of customers in their segmentation, added up; 1 for each whole segmentation.",
        "segments", "sum", "share_of_customers",
    ),
    Metric(
        "share_of_customers",
        "Share of customers",
        "Share of the customers of a segmentation, 0 to 1; over several segmentations, the mean of their shares.",
        of=("summed_shares", "segmentations"), is_share=True,
    ),
    Metric(
        "customers_over_time",
        "Customers over time",
        "Customers in the segments on a recorded day. Group by day and filter to one segmentation: a customer is in "
        "each segmentation of the dataset, on each recorded day.",
        "segment_sizes", "sum", "customers",
    ),
    Metric(
        "money_over_time",
        "Money over time",
        "Monetary value of the customers of the segments on a recorded day; empty for datasets without purchases. "
        "Group and filter as for customers over time.",
        "segment_sizes", "sum", "money",
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Model:
    """The tables to begin with, how they are related, what is counted in them, and keys and names of segmentations."""

    tables: tuple[Table, ...]
    relations: tuple[Relation, ...]
    metrics: tuple[Metric, ...]
    names: tuple[tuple[str, str], ...] = ()

    def of_table(self, name: str) -> list[Metric]:
        """Return the metrics that a table shows; a ratio stands with the first of its two parts."""
        homes = {metric.name: metric.table for metric in self.metrics}
        return [metric for metric in self.metrics if (metric.table or homes[metric.of[0]]) == name]

    def metric(self, name: str) -> Metric:
        """Return a metric by its name."""
        return next(metric for metric in self.metrics if metric.name == name)


def read_model(database: duckdb.DuckDBPyConnection) -> Model:
    """Return what starter files say about a publication.

    Parameters
    ----------
    database : DuckDBPyConnection
        A published database.

    Returns
    -------
    Model
        The tables to start with, the features of the customers of each dataset, and those that metrics need.

    Raises
    ------
    NotPossibleError
        If the publication lacks a table or column that every one has.
    """
    published = rows(database, "select table_name, description, is_start_here from published_tables order by all")
    # Where several tables have a field of the same name, the first keeps it.
    published.sort(key=lambda row: row["table_name"] not in KEYS.values())
    wanted = {metric.table for metric in METRICS if metric.table}
    columns: dict[str, list[Column]] = {}
    for row in rows(
        database,
        """
        select table_name, column_name, data_type, coalesce(comment, '') as comment
        from duckdb_columns()
        where database_name = current_database() and schema_name = 'main'
        order by table_name, column_index
        """,
    ):
        if not NESTED_TYPE.fullmatch(row["data_type"]):
            column = Column(row["column_name"], row["data_type"], " ".join(row["comment"].split()))
            columns.setdefault(row["table_name"], []).append(column)
    tables = tuple(
        Table(row["table_name"], " ".join(row["description"].split()), tuple(columns.get(row["table_name"], ())))
        for row in published
        if row["is_start_here"] or row["table_name"].endswith(FEATURES) or row["table_name"] in wanted
    )
    _refuse_incomplete(tables)
    return Model(tables, tuple(_relations(tables)), METRICS, tuple(segmentation_names(database).items()))


def _refuse_incomplete(tables: Sequence[Table]) -> None:
    found = {table.name: table for table in tables}
    needed = {(metric.table, name) for metric in METRICS for name in (metric.column, metric.known) if name}
    for name, column in sorted(needed | {(table, key) for key, table in KEYS.items()}):
        if name not in found or not found[name].has(column):
            missing = f"no column {column} in {name}" if name in found else f"no {name}"
            raise other_version("The published database", missing)


def _relations(tables: Sequence[Table]) -> list[Relation]:
    found = []
    for column, to in KEYS.items():
        for table in tables:
            is_related = table.has(column) and table.name != to
            if is_related and (column != "dataset" or table.name in RELATED_BY_DATASET):
                found.append(Relation(table.name, to, column, is_one_to_one=column == "customer_key"))
    return found


def simple_type(column: Column, types: Mapping[str, str]) -> str:
    """Return the type of a column in the words of a tool.

    Parameters
    ----------
    column : Column
        The column.
    types : mapping of str to str
        Types of the tool by those of DuckDB, without brackets.

    Returns
    -------
    str

    Raises
    ------
    NotPossibleError
        If the tool has no word for it.
    """
    name = column.type.split("(")[0]
    if name not in types:
        raise NotPossibleError(
            f"The column {column.name} has the type {column.type}, expected one of {', '.join(types)}. Cast it in the "
            "model that publishes it."
        )
    return types[name]
