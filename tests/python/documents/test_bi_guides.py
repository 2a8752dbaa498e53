"""The guides for BI tools, and the exposures, name only what exists; what they say to ask gives an answer."""

import json
import re
import shlex
import shutil
from itertools import pairwise
from pathlib import Path

import duckdb
import pytest
import yaml

from helpers import contracts
from helpers.projects import ROOT

GUIDES = sorted((ROOT / "docs/bi").glob("*.md"))
PAGES = [*GUIDES, ROOT / "docs/metrics.md"]
EVERY_PAGE = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
BLOCK = re.compile(r"^ *```(\w*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
NAME = re.compile(r"`([a-z][a-z_]*)`")
# Names of other programs and of what users make themselves.
ELSEWHERE = {
    "attach", "cachetools", "false", "localtoken", "main", "plugins", "published", "read_only", "true", "use", "metric_time",
}  # fmt: skip
LIBRARY = ROOT / "src/customer_segmentation"
READS = {
    "dashboard": [*(ROOT / "dashboard").rglob("*.py"), *LIBRARY.glob("cli/*.py"), *LIBRARY.glob("scoring/*.py")],
    "report": [
        LIBRARY / "publication/tables.py",
        LIBRARY / "report/interactive.py",
        *LIBRARY.glob("report/about_*.py"),
    ],
    "slides": [LIBRARY / "report/slides.py"],
}


@pytest.fixture(scope="module")
def published(built):
    with duckdb.connect(str(built.published / "marts.duckdb"), read_only=True) as database:
        yield database


@pytest.fixture(scope="module")
def manifest(built) -> dict:
    return json.loads((built.folder / "target/manifest.json").read_text())


@pytest.fixture(scope="module")
def known(published, built, manifest) -> set[str]:
    """Everything that a guide may name: tables, columns, macros, segmentations, metrics and targets."""
    names = {name for (name,) in published.execute("select table_name from duckdb_tables()").fetchall()}
    names |= {name for (name,) in published.execute("select column_name from duckdb_columns()").fetchall()}
    names |= {name for (name,) in published.execute("select schema_name from duckdb_schemas()").fetchall()}
    names |= {name for (name,) in published.execute("select function_name from duckdb_functions()").fetchall()}
    names |= {name for (name, *_) in published.execute("describe select * from predict_mall()").fetchall()}
    names |= {name for (name,) in published.execute("select dataset from datasets").fetchall()}
    names |= {name for (name,) in published.execute("select segmentation from segmentation_fits").fetchall()}
    names |= {node["name"] for kind in ("nodes", "metrics", "saved_queries") for node in manifest[kind].values()}
    for model in semantic_manifest(built)["semantic_models"]:
        names |= {f"{model['entities'][0]['name']}__{dimension['name']}" for dimension in model["dimensions"]}
    return names | ELSEWHERE


def semantic_manifest(built) -> dict:
    return json.loads((built.folder / "target/semantic_manifest.json").read_text())


def problems(text: str, published, known) -> list[str]:
    """Say what a page names that does not exist, and which of its queries give no answer."""
    found = []
    for language, block in BLOCK.findall(text):
        if language == "sql":
            try:
                if not published.execute(block).fetchall():
                    found.append(f"no answer to {block}")
            except duckdb.Error as error:
                found.append(str(error))
        for macro in re.findall(r"(predict_\w+)\(", block):
            if macro not in known:
                found.append(macro)
    prose = BLOCK.sub("", text)
    return found + [name for name in NAME.findall(prose) if name not in known]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_names_only_what_exists(page, published, known):
    assert problems(page.read_text(encoding="utf-8"), published, known) == []


@pytest.mark.parametrize(
    "text",
    [
        "```sql\nselect nothing from segments\n```",
        "```sql\nselect * from segments where segmentation = 'mall_nobody'\n```",
        "```\nselect * from predict_nobody(age := 33)\n```",
        "Look at `segment_nothing`.",
    ],
)
def test_a_page_that_names_what_does_not_exist_is_found(text, published, known):
    assert problems(text, published, known) != []


@pytest.mark.parametrize("page", EVERY_PAGE, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_and_targets_of_a_page_exist(page):
    text = page.read_text(encoding="utf-8")
    for link in re.findall(r"\]\(([^)]+)\)", text):
        if not link.startswith("https://"):
            file, _, place = link.partition("#")
            target = (page.parent / file).resolve() if file else page
            assert target.exists(), link
            if target.suffix != ".md":
                continue
            titles = re.findall(r"^#+ (.+)$", target.read_text(encoding="utf-8"), re.MULTILINE)
            assert not place or place in {re.sub(r"[^\w -]", "", title).lower().replace(" ", "-") for title in titles}
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"`make ([a-z-]+)`", text)) <= targets


def commands(page: Path, name: str) -> list[list[str]]:
    """Return the arguments of the commands with this name in the blocks of a page."""
    lines = [line for _, block in BLOCK.findall(page.read_text(encoding="utf-8")) for line in block.splitlines()]
    return [shlex.split(line)[1:] for line in lines if line.strip().startswith(f"{name} ")]


def test_the_commands_for_spreadsheets_write_their_files(built, tmp_path, monkeypatch, capsys):
    from customer_segmentation.cli.main import main

    (tmp_path / "published").mkdir()
    shutil.copy(built.published / "marts.duckdb", tmp_path / "published")
    monkeypatch.chdir(tmp_path)
    found = commands(ROOT / "docs/bi/excel.md", "segmentation")
    assert len(found) == 2
    for arguments in found:
        assert main(arguments) == 0, capsys.readouterr().err
    assert (tmp_path / "tables/segments.csv").read_bytes().startswith(b"\xef\xbb\xbfsegmentation,")
    assert (tmp_path / "audiences/audiences.csv").is_file()


def test_the_queries_for_metrics_name_metrics_and_groupings(built, known):
    found = commands(ROOT / "docs/metrics.md", "mf")
    assert len([arguments for arguments in found if arguments[0] == "query"]) >= 5
    for arguments in found:
        for option, value in pairwise(arguments):
            if option in ("--metrics", "--group-by", "--saved-query", "--order"):
                assert set(value.split(",")) <= known
            if option == "--where":
                assert set(re.findall(r"Dimension\('(\w+)'\)", value)) <= known


def exposed() -> dict[str, set[str]]:
    """Return the tables that each exposure reads."""
    files = [ROOT / "models/marts/_marts__exposures.yml", *ROOT.glob("models/datasets/*/_*.yml")]
    exposures = [one for file in files for one in yaml.safe_load(file.read_text(encoding="utf-8"))["exposures"]]
    return {
        one["name"]: {
            contracts.tables()[re.fullmatch(r"ref\('(\w+)'\)", reference)[1]] for reference in one["depends_on"]
        }
        for one in exposures
    }


def test_a_bi_reader_reads_every_published_table(published):
    tables = {name for (name,) in published.execute("select table_name from duckdb_tables()").fetchall()}
    dataset_figures = {name for exposure, read in exposed().items() if exposure.endswith("_in_bi") for name in read}
    assert exposed()["bi_reader"] | dataset_figures == tables


@pytest.mark.parametrize("exposure", READS)
def test_an_exposure_names_every_table_that_its_code_does(exposure, published):
    code = "\n".join(source.read_text(encoding="utf-8") for source in READS[exposure])
    tables = {name for (name,) in published.execute("select table_name from duckdb_tables()").fetchall()}
    columns = {name for (name,) in published.execute("select column_name from duckdb_columns()").fetchall()}
    # `"customers"` alone may be the column
    quoted = {table: "" if table in columns else '"|' for table in tables}
    named = {table for table in tables if re.search(rf'\b(table\("|{quoted[table]}from |join ){table}\b', code)}
    assert named
    assert named <= exposed()[exposure]
