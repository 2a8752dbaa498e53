"""A Power BI project (PBIP) in TMDL: it imports the Parquet files of a publication, so it needs no driver."""

import json
import re
import uuid

from customer_segmentation.bi.model import Column, Metric, Model, Relation, Table, simple_type

PROJECT = "segments"
SCHEMAS = "https://developer.microsoft.com/json-schemas/fabric"
TYPES = {
    "VARCHAR": "string", "BIGINT": "int64", "INTEGER": "int64", "SMALLINT": "int64", "TINYINT": "int64",
    "UBIGINT": "int64", "DOUBLE": "double", "FLOAT": "double", "DECIMAL": "double", "HUGEINT": "double",
    "BOOLEAN": "boolean", "DATE": "dateTime", "TIMESTAMP": "dateTime", "TIMESTAMP WITH TIME ZONE": "dateTime",
}  # fmt: skip
QUERY_TYPES = {"string": "type text", "int64": "Int64.Type", "double": "type number", "boolean": "type logical"}
FOLDER = "PublishedFolder"


def files(model: Model, folder: str) -> dict[str, str]:
    """Return the files of the project.

    Parameters
    ----------
    model : Model
        What they say.
    folder : str
        Path of the published folder on the machine of the reader.

    Returns
    -------
    dict of str to str
        Texts by path.
    """
    semantic, report = f"{PROJECT}.SemanticModel", f"{PROJECT}.Report"
    definition = f"{semantic}/definition"
    pages = f"{report}/definition/pages"
    return {
        f"{PROJECT}.pbip": _json(
            "pbip/pbipProperties/1.0.0",
            version="1.0",
            artifacts=[{"report": {"path": report}}],
            settings={"enableAutoRecovery": True},
        ),
        f"{semantic}/definition.pbism": _json(
            "item/semanticModel/definitionProperties/1.0.0", version="4.2", settings={}
        ),
        f"{definition}/database.tmdl": "database\n\tcompatibilityLevel: 1601\n",
        f"{definition}/model.tmdl": _model(model),
        f"{definition}/expressions.tmdl": (
            "/// Folder of the Parquet files, without a stroke at its end.\n"
            f'expression {FOLDER} = {_text(folder)} meta [IsParameterQuery=true, Type="Text", '
            "IsParameterQueryRequired=true]\n"
            f"\tlineageTag: {_tag(FOLDER)}\n"
        ),
        f"{definition}/relationships.tmdl": "\n".join(_relationship(relation) for relation in model.relations),
        **{f"{definition}/tables/{table.name}.tmdl": _table(model, table) for table in model.tables},
        f"{report}/definition.pbir": _json(
            "item/report/definitionProperties/2.0.0",
            version="4.0",
            datasetReference={"byPath": {"path": f"../{semantic}"}},
        ),
        f"{report}/definition/version.json": _json("item/report/definition/versionMetadata/1.0.0", version="2.0.0"),
        f"{report}/definition/report.json": _json(
            "item/report/definition/report/1.0.0", themeCollection={}, layoutOptimization="None"
        ),
        f"{pages}/pages.json": _json(
            "item/report/definition/pagesMetadata/1.0.0", pageOrder=[PROJECT], activePageName=PROJECT
        ),
        f"{pages}/{PROJECT}/page.json": _json(
            "item/report/definition/page/1.0.0",
            name=PROJECT,
            displayName="Segments",
            displayOption="FitToPage",
            height=720,
            width=1280,
        ),
    }


def _json(schema: str, **content) -> str:
    return json.dumps({"$schema": f"{SCHEMAS}/{schema}/schema.json", **content}, indent=2) + "\n"


def _tag(*parts: str) -> str:
    """Return an id that the same object always gets, so that two runs write the same files."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "customer-segmentation/" + "/".join(parts)))


def name_in_tmdl(name: str) -> str:
    """Write a name as TMDL wants it.

    Examples
    --------
    >>> print(name_in_tmdl("customers"), name_in_tmdl("Ann's value"))
    customers 'Ann''s value'
    """
    doubled = name.replace("'", "''")
    return name if re.fullmatch(r"[A-Za-z_]\w*", name) else f"'{doubled}'"


def _column_in_dax(table: str, column: str) -> str:
    doubled, closed = table.replace("'", "''"), column.replace("]", "]]")
    return f"'{doubled}'[{closed}]"


def _text(text: str) -> str:
    """Write a text for Power Query."""
    doubled = text.replace('"', '""').replace("#(", "#(#)(")
    return f'"{doubled}"'


def _described(text: str, indent: str) -> str:
    return f"{indent}/// {text}\n" if text else ""


def dax(model: Model, metric: Metric) -> str:
    """Write a metric in DAX.

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
        above, below = (model.metric(name).label for name in metric.of)
        return f"DIVIDE([{above}], [{below}])"
    column = _column_in_dax(metric.table, metric.column)
    rows = column.split("[")[0]
    counted = {
        "distinct": f"DISTINCTCOUNTNOBLANK({column})",
        "sum": f"SUM({column})",
        "mean": f"AVERAGE({column})",
        "share": f"AVERAGEX({rows}, IF({column}, 1, 0))",
    }[metric.how]
    if metric.known:
        return f"CALCULATE({counted}, NOT ISBLANK({_column_in_dax(metric.table, metric.known)}))"
    return counted


def _model(model: Model) -> str:
    references = "".join(f"ref table {name_in_tmdl(table.name)}\n" for table in model.tables)
    return (
        "model Model\n\tculture: en-US\n\tdefaultPowerBIDataSourceVersion: powerBI_V3\n\tsourceQueryCulture: en-US\n"
        "\tdataAccessOptions\n\t\tlegacyRedirects\n\t\treturnErrorValuesAsNull\n\n"
        f"annotation __PBI_TimeIntelligenceEnabled = 0\n\n{references}"
    )


def _relationship(relation: Relation) -> str:
    both = "\tfromCardinality: one\n\tcrossFilteringBehavior: bothDirections\n" if relation.is_one_to_one else ""
    column = name_in_tmdl(relation.column)
    return (
        f"relationship {_tag(relation.table, relation.to)}\n{both}"
        f"\tfromColumn: {name_in_tmdl(relation.table)}.{column}\n\ttoColumn: {name_in_tmdl(relation.to)}.{column}\n"
    )


def _table(model: Model, table: Table) -> str:
    keys = {relation.column for relation in model.relations if relation.to == table.name}
    return "\n".join(
        [
            f"{_described(table.description, '')}table {name_in_tmdl(table.name)}\n\tlineageTag: {_tag(table.name)}\n",
            *(_measure(model, metric) for metric in model.of_table(table.name)),
            *(_column(table, column, is_key=column.name in keys) for column in table.columns),
            _partition(table),
        ]
    )


def _measure(model: Model, metric: Metric) -> str:
    shown = "\t\tformatString: 0.0%\n" if metric.is_share else ""
    return (
        f"{_described(metric.description, chr(9))}\tmeasure {name_in_tmdl(metric.label)} = {dax(model, metric)}\n"
        f"{shown}\t\tlineageTag: {_tag('measure', metric.name)}\n"
    )


def _column(table: Table, column: Column, *, is_key: bool) -> str:
    key = "\t\tisKey\n" if is_key else ""
    # nothing is added up unasked: over several segmentations, a sum counts a customer once for each
    return (
        f"{_described(column.description, chr(9))}\tcolumn {name_in_tmdl(column.name)}\n"
        f"\t\tdataType: {simple_type(column, TYPES)}\n{key}\t\tlineageTag: {_tag(table.name, column.name)}\n"
        f"\t\tsummarizeBy: none\n\t\tsourceColumn: {column.name}\n"
    )


def _query_type(column: Column) -> str:
    kind = simple_type(column, TYPES)
    if kind == "dateTime":
        return "type date" if column.type == "DATE" else "type datetime"
    return QUERY_TYPES[kind]


def _partition(table: Table) -> str:
    names = ", ".join(_text(column.name) for column in table.columns)
    types = ", ".join(f"{{{_text(column.name)}, {_query_type(column)}}}" for column in table.columns)
    file = _text(f"\\{table.name}.parquet")
    lines = [
        "let",
        f"    Source = Parquet.Document(File.Contents({FOLDER} & {file})),",
        f"    Chosen = Table.SelectColumns(Source, {{{names}}}),",
        f"    Typed = Table.TransformColumnTypes(Chosen, {{{types}}})",
        "in",
        "    Typed",
    ]
    query = "".join(f"\t\t\t\t{line}\n" for line in lines)
    return f"\tpartition {name_in_tmdl(table.name)} = m\n\t\tmode: import\n\t\tsource =\n{query}"
