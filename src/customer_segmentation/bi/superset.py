"""A Superset import (zip of YAML): the database, a dataset for each table with its metrics, charts and a dashboard."""

import io
import uuid
import zipfile
from typing import Any

import yaml

from customer_segmentation.bi.model import Column, Metric, Model, Table
from customer_segmentation.publication.database import quoted

FILE = "segments.zip"
ROOT = "segments"
DATABASE = "Customer segments"
SCHEMA = "main"
WIDTH, HEIGHT = 12, 50  # of a chart, in columns and rows of the grid
MOMENT = "2025-01-01T00:00:00+00:00"  # any: the same publication gives the same file
NAME = "segmentation_name"  # computed where a table has only the key
ONLY_DEFAULT = {"clause": "WHERE", "expressionType": "SQL", "sqlExpression": "is_default"}
# Title, table and what is shown: a question each that every reader asks first.
CHARTS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    (
        "Whose data is it, and is it made up?",
        "datasets",
        {
            "viz_type": "table", "query_mode": "raw", "row_limit": 1_000,
            "all_columns": ["dataset_name", "is_synthetic", "customers", "rejected_rows", "as_of_date"],
        },
    ),
    (
        "How many customers are in each segment?",
        "customers",
        {
            "viz_type": "echarts_timeseries_bar", "x_axis": "persona", "metrics": ["customers"],
            "groupby": ["dataset_name"],
            "row_limit": 1_000, "orientation": "horizontal", "show_legend": True, "stack": "Stack",
        },
    ),
    (
        "What are the segments like?",
        "segments",
        {
            "viz_type": "table", "query_mode": "raw", "row_limit": 1_000, "adhoc_filters": [ONLY_DEFAULT],
            "all_columns": [
                "dataset_name", "is_synthetic", "persona", "customers", "share_of_customers", "headline",
                "stability_grade",
            ],
        },
    ),
    (
        "What do we offer, and what does it cost by assumption?",
        "campaign_recommendations",
        {
            "viz_type": "table", "query_mode": "raw", "row_limit": 1_000,
            "all_columns": [
                NAME, "is_synthetic", "persona", "priority", "campaign", "channel", "offer", "assumed_cost",
                "currency",
            ],
            "column_config": {"assumed_cost": {"d3NumberFormat": ",.2f"}},
        },
    ),
    (
        "How do the segments grow?",
        "segment_sizes",
        {
            "viz_type": "echarts_timeseries_line", "x_axis": "day", "metrics": ["customers_over_time"],
            "groupby": [NAME, "persona"], "row_limit": 10_000, "show_legend": True, "markerEnabled": True,
        },
    ),
)  # fmt: skip


def files(model: Model, database: str) -> dict[str, bytes]:
    """Return the file to import.

    Parameters
    ----------
    model : Model
        What it says.
    database : str
        Path of the published database on the machine that Superset runs on.

    Returns
    -------
    dict of str to bytes
        Content by path.
    """
    parts: dict[str, dict[str, Any]] = {
        "metadata.yaml": {"version": "1.0.0", "type": "Dashboard", "timestamp": MOMENT},
        f"databases/{ROOT}.yaml": _database(database),
        **{f"datasets/{ROOT}/{table.name}.yaml": _dataset(model, table) for table in model.tables},
        **{f"charts/{ROOT}_{place}.yaml": _chart(place) for place in range(len(CHARTS))},
        f"dashboards/{ROOT}.yaml": _dashboard(),
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            text = yaml.safe_dump(content, sort_keys=False, allow_unicode=True)
            archive.writestr(zipfile.ZipInfo(f"{ROOT}/{name}"), text)  # without the time of today
    return {FILE: packed.getvalue()}


def _id(*parts: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "customer-segmentation/superset/" + "/".join(parts)))


def _database(path: str) -> dict[str, Any]:
    return {
        "database_name": DATABASE,
        "sqlalchemy_uri": f"duckdb:///{path}",
        "expose_in_sqllab": True,
        "allow_run_async": False,
        "allow_ctas": False,
        "allow_cvas": False,
        "allow_dml": False,
        # a connection that may write would lock the file against the next build
        "extra": {"engine_params": {"connect_args": {"read_only": True}}},
        "uuid": _id("database"),
        "version": "1.0.0",
    }


def sql(model: Model, metric: Metric) -> str:
    """Write a metric in SQL.

    Parameters
    ----------
    model : Model
        Has the metrics that a ratio is made of.
    metric : Metric
        The metric.

    Returns
    -------
    str
    """
    if metric.how == "ratio":
        above, below = (sql(model, model.metric(name)) for name in metric.of)
        return f"{above} / nullif({below}, 0)"
    column = quoted(metric.column)
    if metric.known:
        column = f"case when {quoted(metric.known)} is not null then {column} end"
    return {
        "distinct": f"count(distinct {column})",
        "sum": f"sum({column})",
        "mean": f"avg({column})",
        "share": f"avg(case when {column} then 1.0 else 0.0 end)",
    }[metric.how]


def _dataset(model: Model, table: Table) -> dict[str, Any]:
    times = [column.name for column in table.columns if _is_time(column)]
    return {
        "table_name": table.name,
        "schema": SCHEMA,
        "description": table.description,
        "main_dttm_col": times[0] if times else None,
        "filter_select_enabled": True,
        "metrics": [
            {
                "metric_name": metric.name,
                "verbose_name": metric.label,
                "expression": sql(model, metric),
                "description": metric.description,
                "d3format": ".1%" if metric.is_share else None,
            }
            for metric in model.of_table(table.name)
        ],
        "columns": [*map(_column, table.columns), *_computed(model, table)],
        "uuid": _id("dataset", table.name),
        "database_uuid": _id("database"),
        "version": "1.0.0",
    }


def _is_time(column: Column) -> bool:
    return column.type.startswith(("DATE", "TIMESTAMP"))


def _column(column: Column) -> dict[str, Any]:
    return {
        "column_name": column.name,
        "type": column.type,
        "description": column.description,
        "is_dttm": _is_time(column),
        "is_active": True,
        "groupby": True,
        "filterable": True,
    }


def _computed(model: Model, table: Table) -> list[dict[str, Any]]:
    """Return the name of a segmentation as a column, where a table has only its key."""
    if not table.has("segmentation") or table.has(NAME):
        return []
    cases = " ".join(f"when {_text(key)} then {_text(name)}" for key, name in model.names)
    expression = f"case segmentation {cases} else segmentation end" if cases else "segmentation"
    column = Column(NAME, "VARCHAR", "What people see instead of the key of the segmentation.")
    return [{**_column(column), "expression": expression}]


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _chart(place: int) -> dict[str, Any]:
    title, table, shown = CHARTS[place]
    return {
        "slice_name": title,
        "viz_type": shown["viz_type"],
        "params": shown,
        "uuid": _id("chart", title),
        "dataset_uuid": _id("dataset", table),
        "version": "1.0.0",
    }


def _dashboard() -> dict[str, Any]:
    grid, root = "GRID_ID", "ROOT_ID"
    rows = [f"ROW-{place}" for place in range(len(CHARTS))]
    position: dict[str, Any] = {
        "DASHBOARD_VERSION_KEY": "v2",
        root: {"type": "ROOT", "id": root, "children": [grid]},
        grid: {"type": "GRID", "id": grid, "children": rows, "parents": [root]},
        "HEADER_ID": {"type": "HEADER", "id": "HEADER_ID", "meta": {"text": DATABASE}},
    }
    for place, (row, (title, _, _)) in enumerate(zip(rows, CHARTS, strict=True)):
        chart = f"CHART-{place}"
        position[row] = {
            "type": "ROW", "id": row, "children": [chart], "parents": [root, grid],
            "meta": {"background": "BACKGROUND_TRANSPARENT"},
        }  # fmt: skip
        position[chart] = {
            "type": "CHART", "id": chart, "children": [], "parents": [root, grid, row],
            "meta": {
                "chartId": place + 1, "uuid": _id("chart", title), "sliceName": title, "width": WIDTH, "height": HEIGHT,
            },
        }  # fmt: skip
    return {
        "dashboard_title": DATABASE,
        "description": None,
        "css": "",
        "slug": None,
        "uuid": _id("dashboard"),
        "position": position,
        "metadata": {},
        "version": "1.0.0",
    }
