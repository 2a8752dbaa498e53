"""Starter files for BI tools name only what is published, with its types, keys and descriptions, and the metrics of the layer."""

import io
import json
import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree as Xml

import duckdb
import pytest
import yaml

from customer_segmentation.bi import power_bi, superset, tableau
from customer_segmentation.bi.model import METRICS, Column, Metric, Model, Relation, Table, read_model
from customer_segmentation.cli.main import main
from helpers import contracts
from helpers.projects import ROOT
from helpers.small_publication import MALL, publish

LAYER = ROOT / "models/metrics"
# What the layer counts in its own table has these names in published tables.
PUBLISHED_AS = {
    "dataset || '/' || customer_id": "customer_key", "share_of_segmentation": "share_of_customers", "monetary_value": "value",
}  # fmt: skip
# Columns that the tables to start with do not have.
NOT_IN_STARTER_FILES = {
    "mean_margin", "mean_age", "mean_income", "mean_spending", "monthly_movers", "data_quality_pass_rate",
    "expected_money_365_days", "buyers_with_expectation", "expected_money_per_buyer", "customers_treated",
    "customers_held_back", "incremental_money", "incremental_money_proven", "customers_with_money_effect",
    "money_effect_per_customer",
}  # fmt: skip
AWKWARD = Model(
    (
        Table("ann's", "Say \"hello\" & <b>bye</b>", (Column("it's", "VARCHAR", ""), Column('a "b" ]', "DOUBLE", "x < y"))),
        Table("other", "", (Column("it's", "VARCHAR", "Key"),)),
    ),
    (Relation("ann's", "other", "it's", False),),
    (Metric("total", "Ann's total", "All & <more>", "ann's", "sum", 'a "b" ]'),),
)  # fmt: skip


@pytest.fixture
def published(tmp_path):
    """A publication with the tables to start with, in the columns and types of their contracts, and their descriptions."""
    path = publish(tmp_path / "marts.duckdb", MALL)
    with duckdb.connect(str(path)) as database:
        database.execute("alter table mall_customer_features add column customer_key varchar")
        database.execute("alter table mall_customer_features add column visits bigint[]")
        started = ("customers", "segments", "segment_profiles", "personas", "campaign_recommendations", "datasets")
        there = {name for (name,) in database.execute("select table_name from duckdb_tables()").fetchall()}
        for name in {*started, "segment_sizes"} - there:
            columns = ", ".join(f"{column} {kind}" for column, kind in contracts.contracts()[name].items())
            database.execute(f"create table {name} ({columns})")
            database.execute(
                "insert into published_tables (table_name, description) values (?, 'One row per thing.')", [name]
            )
        database.execute("update published_tables set is_start_here = list_contains(?, table_name)", [list(started)])
        database.execute("comment on column customers.persona is 'Name of the customer''s\nsegment.'")
    return path


@pytest.fixture
def model(published):
    with duckdb.connect(str(published), read_only=True) as database:
        return read_model(database)


@pytest.fixture
def columns(published):
    with duckdb.connect(str(published), read_only=True) as database:
        rows = database.execute("select table_name, column_name, data_type from duckdb_columns()").fetchall()
    return {(table, column): kind for table, column, kind in rows}


def tmdl_columns(texts: dict[str, str]) -> dict[tuple[str, str], str]:
    """Return the types of all columns of a project, as Power BI would read them."""
    found = {}
    for path, text in texts.items():
        if "/tables/" in path:
            name = re.search(r"^table (.+)$", text, re.MULTILINE)[1]
            for column, kind in re.findall(r"^\tcolumn (.+)\n\t\tdataType: (\w+)$", text, re.MULTILINE):
                found[unquoted(name), unquoted(column)] = kind
    return found


def unquoted(name: str) -> str:
    return name[1:-1].replace("''", "'") if name.startswith("'") else name


def test_the_model_has_the_tables_to_start_with_and_no_lists(model, columns):
    names = [table.name for table in model.tables]
    assert names[:3] == ["customers", "datasets", "segments"]
    assert set(names) == {
        "customers", "datasets", "segments", "segment_profiles", "personas", "campaign_recommendations", "segment_sizes",
        "mall_customer_features",
    }  # fmt: skip
    assert {column.name for column in model.tables[0].columns} == set(contracts.contracts()["customers"])
    (features,) = [table for table in model.tables if table.name == "mall_customer_features"]
    assert features.has("customer_key")
    assert not features.has("visits")
    assert columns["mall_customer_features", "visits"] == "BIGINT[]"


def test_relations_are_those_of_the_guide(model):
    page = (ROOT / "docs/bi/README.md").read_text(encoding="utf-8")
    told = set()
    for sources, to, by in re.findall(r"^\| (`.+?) \| `(\w+)`.* \| `(\w+_key|dataset)`, ", page, re.MULTILINE):
        told |= {(frozenset((name, to)), by) for name in re.findall(r"`(\w+)`", sources)}
    assert told
    assert {(frozenset((one.table, one.to)), one.column) for one in model.relations} == told


def test_what_is_related_to_has_the_column_as_its_key(model):
    keys = [
        (contracts.table_of(described), test["has_key"]["arguments"]["columns"])
        for described in contracts.described_models()
        for test in described.get("data_tests", [])
        if "has_key" in test
    ]
    for relation in model.relations:
        assert (relation.to, [relation.column]) in keys, relation


def test_no_two_ways_lead_from_one_table_to_another(model):
    ends: dict[str, str] = {table.name: table.name for table in model.tables}

    def end(name):
        return name if ends[name] == name else end(ends[name])

    for relation in model.relations:
        assert end(relation.table) != end(relation.to), relation
        ends[end(relation.table)] = end(relation.to)


def layer() -> tuple[dict, dict]:
    metrics = yaml.safe_load((LAYER / "_metrics__metrics.yml").read_text(encoding="utf-8"))["metrics"]
    models = yaml.safe_load((LAYER / "_metrics__semantic_models.yml").read_text(encoding="utf-8"))["semantic_models"]
    measures = {measure["name"]: measure for model in models for measure in model["measures"]}
    return {metric["name"]: metric for metric in metrics}, measures


def expression(metric: Metric) -> tuple[str, str]:
    """Write how a metric is counted in the words of the semantic layer."""
    agg = {"distinct": "count_distinct", "sum": "sum", "mean": "average", "share": "average"}[metric.how]
    if metric.known:
        return agg, f"case when {metric.known} is not null then {metric.column} end"
    if metric.how == "share":
        return agg, f"case when {metric.column} then 1.0 else 0.0 end"
    return agg, metric.column


def test_metrics_are_those_of_the_semantic_layer():
    metrics, measures = layer()
    assert {metric.name for metric in METRICS} | NOT_IN_STARTER_FILES == set(metrics)
    for metric in METRICS:
        told = metrics[metric.name]
        assert metric.label == told["label"]
        assert metric.description.split(". ")[0].rstrip(".") == told["description"].split(". ")[0].rstrip(".")
        if metric.how == "ratio":
            assert metric.of == (told["type_params"]["numerator"], told["type_params"]["denominator"])
            continue
        measure = measures[told["type_params"]["measure"]]
        written = measure.get("expr", measure["name"])
        for own, public in PUBLISHED_AS.items():
            written = written.replace(own, public)
        assert expression(metric) == (measure["agg"], written), metric.name


def test_metrics_count_columns_that_exist(model):
    tables = {table.name: table for table in model.tables}
    for metric in METRICS:
        for column in filter(None, (metric.column, metric.known)):
            assert tables[metric.table].has(column), metric.name
    # each is shown once
    assert sorted(metric.name for table in tables for metric in model.of_table(table)) == sorted(
        m.name for m in METRICS
    )


def test_power_bi_gets_each_column_with_its_type_and_description(model, columns):
    texts = power_bi.files(model, "C:\\data\\published")
    written = tmdl_columns(texts)
    expected = {
        "VARCHAR": "string",
        "BIGINT": "int64",
        "INTEGER": "int64",
        "DOUBLE": "double",
        "BOOLEAN": "boolean",
        "DATE": "dateTime",
    }
    assert written == {
        (table.name, column.name): expected[columns[table.name, column.name]]
        for table in model.tables
        for column in table.columns
    }
    customers = texts["segments.SemanticModel/definition/tables/customers.tmdl"]
    assert "\t/// Name of the customer's segment.\n\tcolumn persona\n" in customers
    assert "\tmeasure Customers = DISTINCTCOUNTNOBLANK('customers'[customer_key])\n" in customers
    assert "= AVERAGEX('customers', IF('customers'[is_borderline], 1, 0))\n\t\tformatString: 0.0%" in customers
    assert 'Parquet.Document(File.Contents(PublishedFolder & "\\customers.parquet"))' in customers
    assert '{"changed_on", type date}' in customers
    assert (
        'expression PublishedFolder = "C:\\data\\published" meta'
        in texts["segments.SemanticModel/definition/expressions.tmdl"]
    )
    for path, text in texts.items():
        if not path.endswith(".tmdl"):
            assert json.loads(text)["$schema"].startswith("https://developer.microsoft.com/json-schemas/fabric/"), path
    model_text = texts["segments.SemanticModel/definition/model.tmdl"]
    assert re.findall(r"^ref table (.+)$", model_text, re.MULTILINE) == [table.name for table in model.tables]


def test_power_bi_relates_columns_that_it_has(model):
    texts = power_bi.files(model, "x")
    written = re.findall(
        r"fromColumn: (\w+)\.(\w+)\n\ttoColumn: (\w+)\.(\w+)",
        texts["segments.SemanticModel/definition/relationships.tmdl"],
    )
    assert written == [(one.table, one.column, one.to, one.column) for one in model.relations]
    assert {(table, column) for table, column, _, _ in written} <= tmdl_columns(texts).keys()


def test_dax_names_only_columns_and_measures_that_exist(model):
    texts = power_bi.files(model, "x")
    labels = {metric.label for metric in METRICS}
    for metric in METRICS:
        written = power_bi.dax(model, metric)
        named = re.findall(r"'(\w+)'\[(\w+)\]", written)
        assert set(named) <= tmdl_columns(texts).keys()
        assert set(re.findall(r"(?<!')\[([A-Z][\w ]*)\]", written)) <= labels
        assert named or metric.how == "ratio"
    # a measure may not have the name of a column of its table
    for table in model.tables:
        assert {metric.label.lower() for metric in model.of_table(table.name)}.isdisjoint(
            column.name.lower() for column in table.columns
        )


def test_tableau_gets_each_column_with_its_type_and_description(model, columns):
    source = Xml.fromstring(tableau.files(model, "/data/published/marts.duckdb")["segments.tds"])
    maps = {item.get("key"): tuple(re.findall(r"\[(.+?)\]", item.get("value"))) for item in source.iter("map")}
    assert set(maps.values()) == {(table.name, column.name) for table in model.tables for column in table.columns}
    expected = {
        "VARCHAR": "string",
        "BIGINT": "integer",
        "INTEGER": "integer",
        "DOUBLE": "real",
        "BOOLEAN": "boolean",
        "DATE": "date",
    }
    fields = {column.get("name"): column for column in source.findall("column") if column.find("calculation") is None}
    assert {maps[name]: field.get("datatype") for name, field in fields.items()} == {
        place: expected[columns[place]] for place in maps.values()
    }
    assert fields["[persona]"].find("desc/formatted-text/run").text == "Name of the customer's segment."
    assert maps["[persona (segments)]"] == ("segments", "persona")
    (connection,) = source.findall("connection/named-connections/named-connection/connection")
    assert (connection.get("class"), connection.get("dbname")) == ("duckdb_jdbc", "/data/published/marts.duckdb")
    assert {record.find("local-name").text for record in source.iter("metadata-record")} == set(maps)


def test_tableau_relates_and_counts_fields_that_it_has(model):
    source = Xml.fromstring(tableau.files(model, "x")["segments.tds"])
    maps = {item.get("key"): tuple(re.findall(r"\[(.+?)\]", item.get("value"))) for item in source.iter("map")}
    objects = {one.get("id") for one in source.iter("object")}
    written = []
    for relationship in source.iter("relationship"):
        ends = [relationship.find(f"{place}-end-point").get("object-id") for place in ("first", "second")]
        sides = [maps[one.get("op")] for one in relationship.find("expression")]
        assert ends == [table for table, _ in sides]
        assert set(ends) <= objects
        written.append((*ends, sides[0][1]))
    assert written == [(one.table, one.to, one.column) for one in model.relations]
    formulas = {
        column.get("caption"): column.find("calculation").get("formula")
        for column in source.findall("column")
        if column.find("calculation") is not None
    }
    assert set(formulas) == {metric.label for metric in METRICS}
    assert formulas["Audience size"] == "COUNTD(IF NOT ISNULL([campaign]) THEN [customer_key] END)"
    assert formulas["Share of customers"] == "[Calculation_summed_shares] / [Calculation_segmentations]"
    calculations = {column.get("name") for column in source.findall("column")}
    for metric in METRICS:
        named = set(re.findall(r"\[[^\]]+\]", formulas[metric.label]))
        assert named <= calculations
        if metric.table:
            assert {maps[name][0] for name in named} == {metric.table}


def test_a_table_without_relations_is_not_in_a_source_of_tableau(model):
    alone = Model(
        (*model.tables, Table("published_tables", "", (Column("build_id", "VARCHAR", ""),))), model.relations, METRICS
    )
    assert "published_tables" not in tableau.files(alone, "x")["segments.tds"]
    assert any(path.endswith("/published_tables.tmdl") for path in power_bi.files(alone, "x"))


def of_superset(model, database="/data/published/marts.duckdb") -> dict[str, dict]:
    """Return what is in the file to import, by its path there."""
    with zipfile.ZipFile(io.BytesIO(superset.files(model, database)["segments.zip"])) as archive:
        return {name.removeprefix("segments/"): yaml.safe_load(archive.read(name)) for name in archive.namelist()}


def test_superset_gets_each_column_with_its_type_and_description(model, columns):
    parts = of_superset(model)
    assert parts["databases/segments.yaml"]["sqlalchemy_uri"] == "duckdb:////data/published/marts.duckdb"
    assert parts["databases/segments.yaml"]["extra"]["engine_params"]["connect_args"] == {"read_only": True}
    for table in model.tables:
        dataset = parts[f"datasets/segments/{table.name}.yaml"]
        assert {one["column_name"]: one["type"] for one in dataset["columns"] if "expression" not in one} == {
            column.name: columns[table.name, column.name] for column in table.columns
        }
        assert dataset["database_uuid"] == parts["databases/segments.yaml"]["uuid"]
        assert [one["column_name"] for one in dataset["columns"] if one["is_dttm"]] == [
            column.name for column in table.columns if column.type == "DATE"
        ]
    texts = {one["column_name"]: one["description"] for one in parts["datasets/segments/customers.yaml"]["columns"]}
    assert texts["persona"] == "Name of the customer's segment."


def test_superset_shows_names_of_segmentations_where_a_table_has_keys():
    table = Table("campaign_recommendations", "", (Column("segmentation", "VARCHAR", "Key"),))
    named = Model((table,), (), (), (("shop", "Ann's shop"), ("six", "Six personas")))
    [own] = [
        one for one in of_superset(named)["datasets/segments/campaign_recommendations.yaml"]["columns"]
        if one["column_name"] == "segmentation_name"
    ]  # fmt: skip
    with duckdb.connect() as database:
        found = database.execute(
            f"select {own['expression']} from (values ('shop'), ('six'), ('new')) as keys (segmentation)"
        ).fetchall()
    assert found == [("Ann's shop",), ("Six personas",), ("new",)]
    shown = [chart["params"] for name, chart in of_superset(named).items() if name.startswith("charts/")]
    assert not [
        params for params in shown if "segmentation" in str(params.get("all_columns", params.get("groupby"))).split("'")
    ]


def test_charts_and_metrics_of_superset_give_an_answer(model, published):
    parts = of_superset(model)
    datasets = {part["uuid"]: part for name, part in parts.items() if name.startswith("datasets/")}
    charts = {part["uuid"]: part for name, part in parts.items() if name.startswith("charts/")}
    shown = [metric["metric_name"] for dataset in datasets.values() for metric in dataset["metrics"]]
    assert sorted(shown) == sorted(metric.name for metric in METRICS)
    with duckdb.connect(str(published), read_only=True) as database:
        for dataset in datasets.values():
            for metric in dataset["metrics"]:
                database.execute(f"select {metric['expression']} from main.{dataset['table_name']}").fetchall()
            for one in dataset["columns"]:
                if "expression" in one:
                    database.execute(f"select {one['expression']} from main.{dataset['table_name']}").fetchall()
        for chart in charts.values():
            dataset, params = datasets[chart["dataset_uuid"]], chart["params"]
            asked = [
                *params.get("all_columns", []),
                *params.get("groupby", []),
                *([params["x_axis"]] if "x_axis" in params else []),
            ]
            assert asked
            assert set(asked) <= {one["column_name"] for one in dataset["columns"]}
            assert set(params.get("metrics", [])) <= {one["metric_name"] for one in dataset["metrics"]}
            assert params["viz_type"] == chart["viz_type"]
    position = parts["dashboards/segments.yaml"]["position"]
    placed = {part["meta"]["uuid"] for part in position.values() if isinstance(part, dict) and part["type"] == "CHART"}
    assert placed == charts.keys()
    for name, part in position.items():
        for child in part["children"] if isinstance(part, dict) and "children" in part else []:
            assert position[child]["parents"][-1] == name


def test_names_and_texts_with_marks_are_escaped():
    texts = power_bi.files(AWKWARD, 'a"b#(lf)')
    table = texts["segments.SemanticModel/definition/tables/ann's.tmdl"]
    assert "table 'ann''s'\n" in table
    assert "measure 'Ann''s total' = SUM('ann''s'[a \"b\" ]]])\n" in table
    assert "column 'a \"b\" ]'\n" in table
    assert '{"a ""b"" ]", type number}' in table
    assert "fromColumn: 'ann''s'.'it''s'\n" in texts["segments.SemanticModel/definition/relationships.tmdl"]
    assert 'PublishedFolder = "a""b#(#)(lf)" meta' in texts["segments.SemanticModel/definition/expressions.tmdl"]
    assert tmdl_columns(texts)["ann's", 'a "b" ]'] == "double"
    dataset = of_superset(AWKWARD)["datasets/segments/ann's.yaml"]
    assert dataset["metrics"][0]["expression"] == 'sum("a ""b"" ]")'
    assert dataset["description"] == 'Say "hello" & <b>bye</b>'
    source = Xml.fromstring(tableau.files(AWKWARD, 'C:\\a "b" & <c>\\marts.duckdb')["segments.tds"])
    (connection,) = source.findall("connection/named-connections/named-connection/connection")
    assert connection.get("dbname") == 'C:\\a "b" & <c>\\marts.duckdb'
    fields = {column.get("name"): column for column in source.findall("column")}
    assert fields['[a "b" ]]]'].find("desc/formatted-text/run").text == "x < y"
    assert fields["[Calculation_total]"].find("calculation").get("formula") == 'SUM([a "b" ]]])'


def test_the_command_writes_the_files_and_replaces_none_unasked(published, tmp_path, capsys):
    command = ["bi-files", str(tmp_path / "starter"), "--published", str(published), "--seen-as", "D:\\bi\\"]
    assert main(command) == 0
    opened = [Path(line) for line in capsys.readouterr().out.splitlines()]
    assert [path.name for path in opened] == ["segments.pbip", "segments.zip", "segments.tds"]
    assert all(path.is_file() for path in opened)
    assert 'dbname="D:\\bi\\marts.duckdb"' in opened[2].read_text(encoding="utf-8")
    before = {path: path.read_bytes() for path in (tmp_path / "starter").rglob("*") if path.is_file()}
    assert main(command) == 1
    assert "exists already. Name another folder, or replace it with --force." in capsys.readouterr().err
    assert main([*command, "--force"]) == 0
    # the same publication gives the same files
    assert {path: path.read_bytes() for path in (tmp_path / "starter").rglob("*") if path.is_file()} == before


def test_a_publication_without_a_table_that_is_needed_is_said_plainly(published, tmp_path, capsys):
    with duckdb.connect(str(published)) as database:
        database.execute("delete from published_tables where table_name = 'segment_sizes'")
    assert main(["bi-files", str(tmp_path / "starter"), "--published", str(published)]) == 1
    assert "was published by another version of this project (no segment_sizes)" in capsys.readouterr().err


def sql(agg: str, written: str) -> str:
    return f"count(distinct {written})" if agg == "count_distinct" else f"{agg.replace('average', 'avg')}({written})"


def test_metrics_over_published_tables_are_the_figures_of_the_layer(built):
    metrics, measures = layer()
    for metric in METRICS:
        if metric.how == "ratio":
            continue
        measure = measures[metrics[metric.name]["type_params"]["measure"]]
        told = sql(measure["agg"], measure.get("expr", measure["name"]))
        counted = {
            # the table has each customer once, the layer once for each segmentation
            "customers": "metrics.segmented_customers where is_default",
            "segments": "metrics.segmented_customers",
            "segment_sizes": "marts.segment_sizes",
        }[metric.table]
        by = "segmentation, persona"
        figures = built.query(f"select {by}, {told} from {counted} group by {by} order by {by}")
        published = built.published_query(
            f"select {by}, {sql(*expression(metric))} from {metric.table} group by {by} order by {by}"
        )
        assert [row[:2] for row in published] == [row[:2] for row in figures], metric.name
        assert [row[2] for row in published] == [pytest.approx(row[2]) for row in figures], metric.name
        assert published
