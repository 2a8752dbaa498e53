"""This project as a package of another dbt project: integration_tests, with `dbt deps` and `dbt build` as a user types them."""

import json
import shutil

import duckdb
import pytest
from dbt_common.clients.jinja import get_environment
from jinja2 import nodes

from helpers.hosts import HOST, copy_of_host, dbt
from helpers.projects import ROOT, Project

DATASET = ("models/datasets", "quality", "seeds")
OWN_SCHEMAS = """
{% macro generate_schema_name(custom_schema_name, node) %}shop_{{ custom_schema_name or 'core' }}{% endmacro %}
"""


def query(host, sql):
    with duckdb.connect(str(host / "corner_shop.duckdb"), read_only=True) as database:
        return database.execute(sql).fetchall()


def test_the_build_of_a_host_is_green_and_quiet(host):
    log = (host / "build.log").read_text()
    assert "ERROR=0" in log
    assert "WARN=0" in log
    assert "WARNING" not in log


def test_the_dataset_of_the_host_is_segmented(host):
    assert query(host, "select distinct dataset from main_marts.segments") == [("crm",)]
    assert query(host, "select count(*), count(distinct customer_id) from main_marts.crm_customer_features") == [
        (200, 200)
    ]
    ((segmented,),) = query(host, "select sum(customers) from main_marts.segments")
    ((buyers,),) = query(host, "select count(*) from main_marts.crm_customer_features where frequency > 0")
    assert segmented == buyers > 150
    assert query(host, "select count(*) from main_marts.rejected_rows") == [(0,)]


def test_the_examples_are_off(host):
    names = {name for (name,) in query(host, "select table_name from information_schema.tables")}
    assert {name for name in names if any(example in name for example in ("mall", "sales", "retail"))} == set()
    for seed in ("published_results", "rfm_measures", "features", "segmentations"):
        assert query(host, f"select count(*) from main_seeds.{seed} where dataset <> 'crm'") == [(0,)]


def test_schemas_and_tables_of_the_host_are_its_own(host):
    schemas = {schema for (schema,) in query(host, "select distinct table_schema from information_schema.tables")}
    assert all(schema == "main" or schema.startswith("main_") for schema in schemas)
    mine = query(host, "select table_name from information_schema.tables where table_schema = 'main' order by all")
    assert mine == [("dim_customers",), ("fct_orders",), ("old",), ("short",)]
    # loaded with dbt's own loader, which guesses types
    types = query(host, "select distinct data_type from information_schema.columns where table_name = 'short'")
    assert types == [("INTEGER",)]


def test_seeds_of_the_host_have_the_types_of_the_package(host):
    types = dict(
        query(
            host,
            "select column_name, data_type from information_schema.columns "
            "where table_schema = 'main_seeds' and table_name = 'segmentations'",
        )
    )
    assert (types["k"], types["is_default"], types["segmentation"]) == ("INTEGER", "BOOLEAN", "VARCHAR")


def test_vars_of_the_host_and_defaults_of_the_package_both_count(host):
    assert query(host, "select unit from main_seeds.features where feature = 'monetary_value'") == [("€",)]


def test_segments_have_the_personas_and_campaigns_of_the_host(host):
    personas = query(host, "select persona from main_marts.segments order by all")
    assert personas == [
        ("Lapsed Occasional Customers",),
        ("Lapsed Regulars",),
        ("Loyal Customers",),
        ("Recent Customers",),
    ]
    ((customers, campaigns),) = query(host, "select count(*), count(campaign) from main_marts.customer_campaigns")
    assert customers == campaigns > 150
    groups = query(host, "select campaign, other_campaigns from main_marts.rfm_groups where rfm_group_id = 'at_risk'")
    assert groups == [("We Miss You", "Feedback Letter")]


def test_a_host_publishes_only_where_it_names_a_folder(host):
    assert query(host, "select count(*) from main_publishing.published_tables") == [(0,)]
    assert not (host / "published").exists()
    dbt(host, "run", "--select", "published_tables", "--vars", "{published_folder: published}")
    with duckdb.connect(str(host / "published" / "marts.duckdb"), read_only=True) as database:
        assert database.execute("select count(distinct customer_id) from customer_segments").fetchall()[0][0] > 150
        comments = database.execute("select comment from duckdb_tables() where table_name = 'segments'").fetchall()
        assert comments[0][0].startswith("One row per segment")


def test_suites_of_package_and_host_are_both_asked(host):
    suites = {relation for (relation,) in query(host, "select distinct relation from main_marts.data_quality_results")}
    assert suites == {
        "crm_customer_features",
        "stg_crm__customer_rows",
        "stg_crm__transaction_rows",
        "customer_segments",
        "segments",
        "campaign_recommendations",
    }


@pytest.fixture(scope="module")
def newcomer(tmp_path_factory):
    """The host project as it was before it had a dataset: two models, a profile and packages.yml."""
    folder = copy_of_host(tmp_path_factory.mktemp("newcomer"))
    for name in DATASET:
        shutil.rmtree(folder / name)
    (folder / "dbt_project.yml").write_text("name: corner_shop\nprofile: corner_shop\n")
    (folder / "macros").mkdir()
    (folder / "macros" / "generate_schema_name.sql").write_text(OWN_SCHEMAS)
    return folder


def test_init_writes_what_the_host_has(newcomer):
    asked = ("init", "crm", "ref('dim_customers')", "--purchases", "ref('fct_orders')")
    run = Project(newcomer).segmentation(*asked)
    assert (run.returncode, "run `dbt deps`" in run.stderr) == (1, True)

    dbt(newcomer, "deps")
    dbt(newcomer, "run", "--select", "dim_customers", "fct_orders")
    refused = Project(newcomer).dbt("seed", "--select", "trait_levels")
    assert refused.returncode == 1
    assert "names mall, an example of the package" in refused.stdout

    run = Project(newcomer).segmentation(*asked)
    assert run.returncode == 0, run.stderr
    assert "Add to your profile" not in run.stdout
    names = {
        path.relative_to(ROOT / HOST) for name in DATASET for path in (ROOT / HOST / name).rglob("*") if path.is_file()
    }
    for name in names:
        ours, written = (ROOT / HOST / name).read_text(), (newcomer / name).read_text()
        if name.name in ("segmentations.csv", "campaigns.csv") or name.name.startswith(("persona_", "rfm_group_")):
            ours, written = ours.partition("\n")[0], written.partition("\n")[0]  # the rows are written by hand
        assert written == ours, f"{name} is not what segmentation init writes today"

    listed = dbt(newcomer, "ls", "--quiet", "--output", "json", "--output-keys", "name", "schema")
    schemas = {node["name"]: node.get("schema") for node in map(json.loads, listed.splitlines())}
    assert (schemas["segments"], schemas["stg_crm__customers"], schemas["dim_customers"]) == (
        "shop_marts",
        "shop_staging",
        "shop_core",
    )
    (newcomer / "models" / "segments.sql").write_text("select 1 as a\n")
    refused = Project(newcomer).dbt("seed", "--select", "trait_levels")
    assert "models/segments.sql has the name of a table of the package" in refused.stdout
    (newcomer / "seeds" / "palette.csv").write_text("a\n1\n")
    (newcomer / "models" / "segments.sql").unlink()
    refused = Project(newcomer).dbt("run", "--select", "seed_problems")
    assert "seeds/palette.csv has the name" in refused.stdout
    assert "customer_segmentation, judgement, palette: {+enabled: false}" in refused.stdout
    (newcomer / "seeds" / "palette.csv").unlink()

    run = Project(newcomer).segmentation("remove", "crm")
    assert (run.returncode, "none would be left" in run.stderr) == (1, True)


def unqualified(text: str, macros: set[str]) -> set[str]:
    """Return the macros that a text calls without the name of their package."""
    calls = get_environment(None).parse(text).find_all(nodes.Call)
    return {call.node.name for call in calls if isinstance(call.node, nodes.Name)} & macros


def test_macros_find_each_other_from_another_project():
    files = [*(ROOT / "macros").rglob("*.sql"), *(ROOT / "tests" / "generic").glob("*.sql")]
    macros = {file.stem for file in files} - {"generate_schema_name"}  # dbt finds it by itself
    assert unqualified("{% macro a() %}{{ hash_number(1) }}{% do x.hash_number(1) %}{% endmacro %}", macros) == {
        "hash_number"
    }
    found = {file.name: unqualified(file.read_text(encoding="utf-8"), macros) for file in files}
    assert {name: calls for name, calls in found.items() if calls} == {}
