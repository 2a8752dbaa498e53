"""A client of the Model Context Protocol asks a published file, in memory and through the command."""

import asyncio
import json
import re
import sys
from contextlib import asynccontextmanager

import anyio
import duckdb
import pytest
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client

from customer_segmentation.assistant.bounded_query import MOST_CHARACTERS, MOST_ROWS, SECONDS
from customer_segmentation.assistant.reading import Reader
from customer_segmentation.assistant.server import server
from customer_segmentation.cli.main import main
from customer_segmentation.cli.mcp import mcp
from helpers.projects import ROOT
from helpers.small_publication import MALL, Described, publish

TOOLS = ["list_tables", "describe_table", "query", "predict"]
PEOPLE = Described("shop_people", "shop", ("Few", "Many"), sizes=(3, 147), is_example=False)
GIVEN = {"age": 50, "annual_income_k": "60", "spending_score": 70.0}


@pytest.fixture
def published(tmp_path):
    path = publish(tmp_path / "marts.duckdb", PEOPLE, MALL)
    with duckdb.connect(str(path)) as database:
        database.execute("comment on column segments.persona is 'Name of the persona''s segment.'")
    return path


@asynccontextmanager
async def asked(reader, **limits):
    """Yield a function that calls a tool of a server in memory, and returns its answer, or what it says to a mistake."""
    async with Client(server(reader, **limits)) as client:

        async def call(tool, **arguments):
            result = await client.call_tool(tool, arguments)
            return result.content[0].text if result.is_error else result.structured_content

        yield call


def test_a_client_finds_tables_asks_and_scores(published):
    async def talk():
        async with asked(Reader(published, shows_customers=True), most_rows=2) as call:
            tables = (await call("list_tables"))["tables"]
            assert {row["table"] for row in tables} >= {"segments", "customer_segments", "shop_customer_features"}
            assert [row["table"] for row in tables if row["start_here"]] == ["datasets", "segments"]
            assert set(tables[0]) == {"table", "group", "grain", "key", "description", "rows", "start_here"}
            described = await call("describe_table", table="segments")
            columns = {row["column"]: row for row in described["columns"]}
            assert columns["persona"] == {
                "column": "persona",
                "type": "VARCHAR",
                "description": "Name of the persona's segment.",
            }
            features = await call("describe_table", table="shop_customer_features")
            assert {row["column"]: row.get("unit") for row in features["columns"]}["annual_income_k"] == "k$"
            found = await call("query", sql="select customer_id from shop_customer_features order by 1")
            assert found["rows"] == [["C0000"], ["C0001"]]
            assert "at most 2 rows" in found["notices"][0]
            assert found["published_at"] == "2025-01-02 03:04:05 UTC"
            (scored,) = (await call("predict", dataset="shop", figures=GIVEN))["predictions"]
            assert scored["persona"] in PEOPLE.personas
            assert any(line.startswith("Why: age 50 years") for line in scored["in_words"])

    anyio.run(talk)


def test_single_customers_are_shown_only_if_that_was_asked_for(published):
    async def talk():
        async with asked(Reader(published)) as call:
            listed = await call("list_tables")
            tables = {row["table"] for row in listed["tables"]}
            assert "segments" in tables
            assert "segmentation mcp --customers" in listed["notices"][0]
            for table in tables:
                columns = {row["column"] for row in (await call("describe_table", table=table))["columns"]}
                assert columns.isdisjoint({"customer_id", "customer_key", "raw_row"}), table
            found = await call(
                "query", sql="select persona, customers from segments where segmentation = 'shop_people' order by all"
            )
            assert found["rows"] == [["Few", None], ["Many", 145]]
            for hidden in ("customer_segments", "shop_customer_features", "mall_customer_features", "rejected_rows"):
                assert "list_tables names all tables" in await call("query", sql=f"from {hidden}")
                assert f"There is no table called '{hidden}'" in await call("describe_table", table=hidden)
            described = await call("describe_table", table="segments")
            assert "Name of the persona's segment." in {row["description"] for row in described["columns"]}
            assert "segmentation mcp --customers" in await call("predict", dataset="shop", figures=GIVEN)
            # customers of an example are not people
            assert (await call("predict", dataset="mall", figures=GIVEN))["predictions"]

    anyio.run(talk)


@pytest.mark.parametrize(
    ("tool", "arguments", "message"),
    [
        ("query", {"sql": "drop table segments"}, "Found DROP, expected one SELECT"),
        ("describe_table", {"table": "segment"}, "There is no table called 'segment'. Did you mean segments?"),
        ("predict", {"dataset": "shopp", "figures": GIVEN}, "There is no dataset called 'shopp'. Did you mean shop?"),
        ("predict", {"dataset": "shop", "figures": {"agee": 3}}, "There is no feature called 'agee' in the dataset shop. Did you mean age?"),
        ("predict", {"dataset": "shop", "figures": {"age": 3}}, "Annual income is missing; spending score is missing."),
        ("predict", {"dataset": "shop", "figures": GIVEN | {"age": None}}, "Age is missing."),
        ("predict", {"dataset": "shop", "figures": GIVEN | {"age": "old"}}, "Age: found 'old'"),
        ("predict", {"dataset": "shop", "figures": GIVEN, "segmentation": "x"}, "There is no segmentation of shop called 'x'"),
    ],
)  # fmt: skip
def test_mistakes_are_said_to_the_assistant_plainly(published, tool, arguments, message):
    async def talk():
        async with asked(Reader(published, shows_customers=True)) as call:
            assert message in await call(tool, **arguments)

    anyio.run(talk)


@pytest.mark.parametrize("shows_customers", [True, False])
def test_a_publication_that_was_replaced_is_noticed(published, tmp_path, shows_customers):
    count = "select count(*) from segments"

    async def talk():
        async with asked(Reader(published, shows_customers=shows_customers)) as call:
            assert (await call("query", sql=count))["rows"] == [[5]]
            assert "notices" not in await call("query", sql=count)
            newer = publish(tmp_path / "newer" / "marts.duckdb", MALL)
            with duckdb.connect(str(newer)) as database:
                database.execute("update published_tables set published_at = timestamp '2025-02-02 03:04:05'")
            newer.replace(published)
            found = await call("query", sql=count)
            assert found["rows"] == [[3]]
            assert "A newer publication has replaced" in found["notices"][0]
            assert "notices" not in await call("query", sql=count)
            published.unlink()
            assert "does not exist. Run `make build` first" in await call("query", sql=count)

    anyio.run(talk)


@pytest.mark.parametrize("shows_customers", [True, False])
def test_a_publication_of_another_version_is_said_plainly(published, shows_customers):
    with duckdb.connect(str(published)) as database:
        database.execute("alter table published_tables drop column grain")

    async def talk():
        async with asked(Reader(published, shows_customers=shows_customers)) as call:
            assert "was published by another version of this project" in await call("list_tables")

    anyio.run(talk)


def settings_of_the_page() -> dict:
    """Return what docs/assistant.md tells people to put into the settings of their assistant."""
    page = (ROOT / "docs/assistant.md").read_text(encoding="utf-8")
    return json.loads(re.search(r"^```json\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)[1])["mcpServers"]["segments"]


@pytest.mark.slow
def test_the_command_of_the_page_serves_a_client_and_writes_nothing_else(published):
    told = settings_of_the_page()
    assert told["command"].endswith("/.venv/bin/segmentation")
    command = ["-m", "customer_segmentation.cli.main", *told["args"], "--customers"]
    command[command.index("/path/to/project/published/marts.duckdb")] = str(published)

    async def talk():
        started = StdioServerParameters(command=sys.executable, args=command)
        async with asyncio.timeout(60), Client(stdio_client(started)) as client:
            assert [tool.name for tool in (await client.list_tools()).tools] == TOOLS
            result = await client.call_tool("query", {"sql": "select count(*) from customer_segments"})
            assert result.structured_content["rows"] == [[300]]
        # everything is closed: the file can be written to
        with duckdb.connect(str(published)) as database:
            database.execute("create table one as select 1")

    anyio.run(talk)


def test_the_page_names_the_tools_and_their_limits():
    page = (ROOT / "docs/assistant.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE) == TOOLS
    for limit in (
        f"{MOST_ROWS:,} rows (`--rows`)",
        f"{SECONDS} seconds (`--seconds`)",
        f"{MOST_CHARACTERS:,} characters",
    ):
        assert limit in " ".join(page.split())
    options = {option.name: option.default for option in mcp.params}
    assert (options["rows"], options["seconds"]) == (MOST_ROWS, SECONDS)


def test_what_is_missing_is_said_before_a_client_asks(tmp_path, monkeypatch, capsys):
    assert main(["mcp", "--published", str(tmp_path / "nowhere.duckdb")]) == 1
    assert "does not exist. Run `make build` first" in capsys.readouterr().err
    monkeypatch.delitem(sys.modules, "customer_segmentation.assistant.server")
    monkeypatch.setitem(sys.modules, "mcp.server", None)
    assert main(["mcp", "--published", str(tmp_path / "nowhere.duckdb")]) == 1
    said = capsys.readouterr().err
    assert said.startswith("The package mcp.server is not installed. Install it: pip install")
    assert "Traceback" not in said
