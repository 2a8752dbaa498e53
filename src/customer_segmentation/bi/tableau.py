"""A Tableau data source (.tds): the tables of a publication, related, with descriptions and metrics."""

from xml.etree import ElementTree as Xml

from customer_segmentation.bi.model import Column, Metric, Model, Table, simple_type

FILE = "segments.tds"
VERSION = "18.1"
CONNECTION = "duckdb_jdbc.segments"
TYPES = {
    "VARCHAR": "string", "BIGINT": "integer", "INTEGER": "integer", "SMALLINT": "integer", "TINYINT": "integer",
    "UBIGINT": "integer", "DOUBLE": "real", "FLOAT": "real", "DECIMAL": "real", "HUGEINT": "real",
    "BOOLEAN": "boolean", "DATE": "date", "TIMESTAMP": "datetime", "TIMESTAMP WITH TIME ZONE": "datetime",
}  # fmt: skip
# Counts are 64 bits wide, and numbers that name something 32: ranks, cluster numbers.
MEASURES = {"BIGINT", "DOUBLE", "FLOAT", "DECIMAL", "HUGEINT"}
REMOTE_TYPES = {"string": "129", "integer": "20", "real": "5", "boolean": "11", "date": "7", "datetime": "135"}


def files(model: Model, database: str) -> dict[str, str]:
    """Return the file of the data source.

    Parameters
    ----------
    model : Model
        What it says.
    database : str
        Path of the published database on the machine of the reader.

    Returns
    -------
    dict of str to str
        Text by path.
    """
    related = {name for relation in model.relations for name in (relation.table, relation.to)}
    tables = tuple(table for table in model.tables if table.name in related)  # others cannot be in one source
    fields = field_names(tables)
    source = _element(None, "datasource", caption="Customer segments", inline="true", version=VERSION)
    source.set("formatted-name", "federated.segments")
    connection = _element(source, "connection", **{"class": "federated"})
    named = _element(_element(connection, "named-connections"), "named-connection", caption="segments", name=CONNECTION)
    _element(
        named, "connection", **{"class": "duckdb_jdbc"}, authentication="auth-none", dbname=database, schema="main"
    )
    collection = _element(connection, "relation", type="collection")
    for table in tables:
        _relation(collection, table)
    columns = _element(connection, "cols")
    for (table_name, column), field in fields.items():
        _element(columns, "map", key=f"[{_in_brackets(field)}]", value=f"[{table_name}].[{_in_brackets(column)}]")
    records = _element(connection, "metadata-records")
    for table in tables:
        for ordinal, own in enumerate(table.columns, start=1):
            _record(records, table, own, fields[table.name, own.name], ordinal)
    _element(source, "aliases", enabled="yes")
    for metric in model.metrics:
        _metric(source, model, metric, fields)
    for table in tables:
        for own in table.columns:
            _column(source, own, fields[table.name, own.name])
    _object_graph(source, model, tables, fields)
    Xml.indent(source)
    return {FILE: '<?xml version="1.0" encoding="utf-8"?>\n' + Xml.tostring(source, encoding="unicode") + "\n"}


def field_names(tables: tuple[Table, ...]) -> dict[tuple[str, str], str]:
    """Return the name of each column among those of all tables: related tables share one list of fields.

    Parameters
    ----------
    tables : tuple of Table
        The tables; the first that has a name keeps it.

    Returns
    -------
    dict of tuple to str
        Names by table and column, such as `persona (segments)`.
    """
    found: dict[tuple[str, str], str] = {}
    taken: set[str] = set()
    for table in tables:
        for column in table.columns:
            name = column.name if column.name.lower() not in taken else f"{column.name} ({table.name})"
            taken.add(name.lower())
            found[table.name, column.name] = name
    return found


def formula(model: Model, metric: Metric, fields: dict[tuple[str, str], str]) -> str:
    """Write a metric in the language of Tableau.

    Parameters
    ----------
    model : Model
        Has the metrics that a ratio is made of.
    metric : Metric
        The metric.
    fields : dict of tuple to str
        Names of fields by table and column.

    Returns
    -------
    str
    """
    if metric.how == "ratio":
        above, below = (f"[{_calculation(model.metric(name))}]" for name in metric.of)
        return f"{above} / {below}"

    column = f"[{_in_brackets(fields[metric.table, metric.column])}]"
    counted = column
    if metric.known:
        counted = f"IF NOT ISNULL([{_in_brackets(fields[metric.table, metric.known])}]) THEN {column} END"
    return {
        "distinct": f"COUNTD({counted})",
        "sum": f"SUM({counted})",
        "mean": f"AVG({counted})",
        "share": f"AVG(IF {counted} THEN 1.0 ELSE 0.0 END)",
    }[metric.how]


def _element(parent, tag: str, **attributes: str) -> Xml.Element:
    return Xml.Element(tag, attributes) if parent is None else Xml.SubElement(parent, tag, attributes)


def _in_brackets(name: str) -> str:
    return name.replace("]", "]]")


def _calculation(metric: Metric) -> str:
    return f"Calculation_{metric.name}"


def _relation(parent, table: Table) -> None:
    _element(parent, "relation", connection=CONNECTION, name=table.name, table=f"[main].[{table.name}]", type="table")


def _record(parent, table: Table, column: Column, field: str, ordinal: int) -> None:
    kind = simple_type(column, TYPES)
    record = _element(parent, "metadata-record", **{"class": "column"})
    for tag, text in (
        ("remote-name", column.name),
        ("remote-type", REMOTE_TYPES[kind]),
        ("local-name", f"[{_in_brackets(field)}]"),
        ("parent-name", f"[{table.name}]"),
        ("remote-alias", column.name),
        ("ordinal", str(ordinal)),
        ("local-type", kind),
        ("aggregation", "Sum" if _is_measure(column) else "Count"),
        ("contains-null", "true"),
        ("object-id", f"[{table.name}]"),
    ):
        _element(record, tag).text = text


def _is_measure(column: Column) -> bool:
    return column.type.split("(")[0] in MEASURES


def _column(parent, column: Column, field: str) -> None:
    kind = simple_type(column, TYPES)
    is_measure = _is_measure(column)
    nominal = "nominal" if kind in ("string", "boolean") else "ordinal"
    element = _element(
        parent, "column", datatype=kind, name=f"[{_in_brackets(field)}]",
        role="measure" if is_measure else "dimension", type="quantitative" if is_measure else nominal,
    )  # fmt: skip
    _describe(element, column.description)


def _metric(parent, model: Model, metric: Metric, fields) -> None:
    element = _element(
        parent, "column", caption=metric.label, datatype="integer" if metric.how == "distinct" else "real",
        name=f"[{_calculation(metric)}]", role="measure", type="quantitative",
    )  # fmt: skip
    if metric.is_share:
        element.set("default-format", "p0.0%")
    _element(element, "calculation", **{"class": "tableau"}, formula=formula(model, metric, fields))
    _describe(element, metric.description)


def _describe(element, text: str) -> None:
    if text:
        _element(_element(_element(element, "desc"), "formatted-text"), "run").text = text


def _object_graph(source, model: Model, tables, fields) -> None:
    graph = _element(source, "object-graph")
    objects = _element(graph, "objects")
    for table in tables:
        own = _element(objects, "object", caption=table.name, id=table.name)
        _relation(_element(own, "properties", context=""), table)
    relationships = _element(graph, "relationships")
    for relation in model.relations:
        relationship = _element(relationships, "relationship")
        equal = _element(relationship, "expression", op="=")
        for table_name in (relation.table, relation.to):
            _element(equal, "expression", op=f"[{_in_brackets(fields[table_name, relation.column])}]")
        first = _element(relationship, "first-end-point")
        first.set("object-id", relation.table)
        if relation.is_one_to_one:
            first.set("unique-key", "true")
        second = _element(relationship, "second-end-point")
        second.set("object-id", relation.to)
        second.set("unique-key", "true")
