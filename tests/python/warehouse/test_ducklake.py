"""The target ducklake: the same tables in a DuckLake, which several people write to at once and which keeps what was there before."""

import os
from pathlib import Path

import duckdb
import pytest
from dbt.adapters.duckdb.credentials import Attachment

from customer_segmentation.datasets.warehouse import Warehouse
from customer_segmentation.errors import InputError, NotPossibleError
from customer_segmentation.warehouse.ducklake import CATALOGUE, FILES, attach, explain
from helpers.compare_publications import differences
from helpers.documents import printed
from helpers.projects import ROOT, Project, copy_project, with_the_mall_alone, without_evidence

ON_A_LAKE = ["--target", "ducklake"]
POSTGRES = os.environ.get("CATALOGUE")
PAGE = (ROOT / "docs/ducklake.md").read_text(encoding="utf-8")


def is_installed(*extensions: str) -> bool:
    with duckdb.connect() as database:
        try:
            for extension in extensions:
                database.execute(f"load {extension}")
        except duckdb.Error:
            return False
    return True


needs_the_extension = pytest.mark.skipif(
    not is_installed("ducklake", "sqlite_scanner"),
    reason=f"ducklake or sqlite_scanner is not installed for DuckDB {duckdb.__version__}; make test-ducklake installs both",
)


def small(folder: Path) -> Project:
    return without_evidence(with_the_mall_alone(copy_project(folder)))


def built(project: Project, *arguments: str) -> Project:
    run = project.dbt("build", *arguments)
    assert run.returncode == 0, run.stdout + run.stderr
    return project


@pytest.fixture(scope="module")
def in_a_file(tmp_path_factory) -> Project:
    return built(small(tmp_path_factory.mktemp("file") / "project"))


@pytest.fixture(scope="module")
def in_a_lake(tmp_path_factory) -> Project:
    return built(small(tmp_path_factory.mktemp("lake") / "project"), *ON_A_LAKE)


def read(project: Project, query: str, catalogue: str = "warehouse.ducklake") -> list[tuple]:
    with pytest.MonkeyPatch.context() as patch, duckdb.connect() as database:
        patch.chdir(project.folder)
        database.execute(f"attach 'ducklake:{catalogue}' as warehouse (read_only)")
        return database.execute(query).fetchall()


@needs_the_extension
@pytest.mark.slow
def test_public_tables_equal_those_of_a_database_file(in_a_file, in_a_lake):
    published = [project.published / "marts.duckdb" for project in (in_a_file, in_a_lake)]
    assert list(differences(*published)) == []
    ((files,),) = read(
        in_a_lake, "select count(*) from ducklake_list_files('warehouse', 'customer_segments', schema => 'marts')"
    )
    assert files == 1
    assert not in_a_lake.database.exists()


@needs_the_extension
@pytest.mark.slow
def test_tables_have_their_descriptions(in_a_file, in_a_lake):
    query = (
        "select table_name, column_name, data_type, comment from duckdb_columns() where schema_name in ('marts', 'seeds') and "
        "database_name = 'warehouse' and table_name in (select table_name from duckdb_tables()) order by all"
    )
    assert read(in_a_lake, query) == in_a_file.query(query)


@needs_the_extension
@pytest.mark.slow
def test_what_was_there_before_can_be_read(in_a_lake):
    ((version,),) = read(in_a_lake, "select max(snapshot_id) from warehouse.snapshots()")
    before = read(in_a_lake, "select * from warehouse.seeds.palette order by all")
    lines = (in_a_lake.folder / "seeds/judgement/palette.csv").read_text(encoding="utf-8").splitlines()
    in_a_lake.edit("seeds/judgement/palette.csv", lines[-1], "")
    assert in_a_lake.dbt("seed", "--select", "palette", *ON_A_LAKE).returncode == 0
    assert len(read(in_a_lake, "from warehouse.seeds.palette")) == len(before) - 1
    assert read(in_a_lake, f"from warehouse.seeds.palette at (version => {version}) order by all") == before


def statements(heading: str, **replaced: str) -> list[str]:
    """Return what the page shows below a heading, one statement each, with other values for those of the example."""
    text = "".join(printed("docs/ducklake.md", heading))
    for old, new in replaced.items():
        assert old in text
        text = text.replace(old, new)
    return [statement for statement in text.split(";") if statement.strip()]


@needs_the_extension
@pytest.mark.slow
def test_the_page_shows_how_to_read_and_to_forget_versions(in_a_lake, monkeypatch):
    monkeypatch.chdir(in_a_lake.folder)
    ((version,),) = read(in_a_lake, "select max(snapshot_id) from warehouse.snapshots()")
    attached, *queries = statements("## Look at yesterday's table", **{"158": str(version), "1 day": "0 days"})
    with duckdb.connect() as database:
        database.execute(attached)
        versions, numbered, dated, changed = [database.execute(query).fetchall() for query in queries]
    assert len(versions) > 100
    assert sorted(numbered) == sorted(dated) != []
    assert changed == []
    files = len(list(in_a_lake.folder.rglob("*.ducklake.files/**/*.parquet")))
    assert in_a_lake.dbt("seed", *ON_A_LAKE).returncode == 0
    assert len(list(in_a_lake.folder.rglob("*.ducklake.files/**/*.parquet"))) > files
    with duckdb.connect() as database:
        for statement in statements("## Forget", **{"30 days": "0 days"}):
            database.execute(statement)
    assert read(in_a_lake, "select count(*) from warehouse.snapshots()") == [(1,)]
    assert len(list(in_a_lake.folder.rglob("*.ducklake.files/**/*.parquet"))) <= files
    assert read(in_a_lake, "select count(*) from warehouse.marts.customer_segments") > [(0,)]


def start(person: str, catalogue: str, folder: Path, monkeypatch):
    """Start a build in a folder of the person's own, into a lake that others use too."""
    project = small(folder / person)
    monkeypatch.setenv(CATALOGUE, catalogue)
    monkeypatch.setenv(FILES, f"{folder}/files")
    monkeypatch.setenv("SEGMENTATION_SCHEMA", person)
    return project, project.start_dbt("build", *ON_A_LAKE)


def assert_built(person: str, project: Project, run, alone: Project) -> None:
    with run:
        output, errors = run.communicate()
    assert run.returncode == 0, output + errors
    published = project.folder / f"published_{person}" / "marts.duckdb"
    assert list(differences(alone.published / "marts.duckdb", published)) == []


@needs_the_extension
@pytest.mark.slow
def test_a_person_builds_into_a_catalogue_in_sqlite(in_a_file, tmp_path, monkeypatch):
    catalogue = f"sqlite:{tmp_path}/lake.sqlite"
    project, run = start("jo", catalogue, tmp_path, monkeypatch)
    assert_built("jo", project, run, in_a_file)
    schemas = read(
        project, "select distinct schema_name from duckdb_tables() where schema_name like '%marts'", catalogue
    )
    assert schemas == [("jo_marts",)]


@needs_the_extension
@pytest.mark.slow
@pytest.mark.skipif(
    not POSTGRES, reason="make test-ducklake CATALOGUE='postgres:dbname=... host=...' names a database for this test"
)
def test_two_people_build_at_the_same_time(in_a_file, tmp_path, monkeypatch):
    started = {person: start(person, POSTGRES, tmp_path, monkeypatch) for person in ("ann", "jo")}
    for person, (project, run) in started.items():
        assert_built(person, project, run, in_a_file)


def test_the_names_of_schemas_follow_the_person(empty, monkeypatch):
    listed = ["ls", "--quiet", "--select", "personas", "--resource-type", "model", "--output", "json"]
    asked = [*listed, "--output-keys", "database", "schema", *ON_A_LAKE]
    assert '{"database": "warehouse", "schema": "marts"}' in empty.dbt(*asked).stdout
    monkeypatch.setenv("SEGMENTATION_SCHEMA", "jo")
    assert '{"database": "warehouse", "schema": "jo_marts"}' in empty.dbt(*asked).stdout


def test_commands_find_the_tables_in_the_lake(monkeypatch):
    assert Warehouse(ROOT).path == "warehouse.duckdb"
    monkeypatch.setenv("DBT_TARGET", "ducklake")
    lake = Warehouse(ROOT)
    assert lake.path == "ducklake:warehouse.ducklake"
    assert str(lake) == "the warehouse ducklake:warehouse.ducklake"
    with pytest.raises(NotPossibleError, match="There is no database shop"):
        lake.attach(None, "shop")


def test_without_the_extension_the_target_says_so(empty):
    empty.edit(
        "profiles.yml",
        "        storage_compatibility_version: v1.4.0",
        "        storage_compatibility_version: v1.4.0\n        extension_directory: none\n        autoinstall_known_extensions: false",
    )
    run = empty.dbt("seed", "--select", "palette", *ON_A_LAKE)
    assert run.returncode != 0
    assert f"needs DuckDB's extension ducklake, which is not installed for DuckDB {duckdb.__version__}" in run.stdout
    assert "docs/ducklake.md" in run.stdout
    assert "Traceback" not in run.stdout + run.stderr


def test_files_that_others_would_not_find_are_refused():
    lake = Attachment(path="ducklake:postgres:dbname=lake", alias="warehouse", options={"data_path": "here"})
    with pytest.raises(InputError, match="Set SEGMENTATION_DUCKLAKE_DATA to an absolute path"):
        attach(None, lake)


@pytest.mark.parametrize(
    ("catalogue", "error", "message"),
    [
        (
            "lake.ducklake",
            'Failed to download extension "ducklake" at URL "a"',
            "needs DuckDB's extension ducklake",
        ),
        (
            "sqlite:lake.sqlite",
            'Failed to attach DuckLake MetaData ... Failed to download extension "sqlite_scanner" at URL "a"',
            "needs DuckDB's extension sqlite_scanner",
        ),
        (
            "lite:lake",
            'Extension "/a/lite.duckdb_extension" not found.\n\nCandidate extensions: "sqlite"',
            "'lite:lake', of a kind that DuckDB does not know. Expected in SEGMENTATION_DUCKLAKE a file",
        ),
        (
            "lake.ducklake",
            'DATA_PATH parameter "other/" does not match existing data path in the catalog "files/".',
            "has its files in 'files/', not in 'other/'. Set SEGMENTATION_DUCKLAKE_DATA to 'files/'",
        ),
        ("lake.ducklake", 'Could not set lock on file "lake.ducklake"', "lake.ducklake is in use by another process"),
        (
            "no/lake.ducklake",
            "No such file or directory",
            "The folder of the DuckLake catalogue no/lake.ducklake does not",
        ),
        (
            "sqlite:no/lake",
            "unable to open database file",
            "The folder of the DuckLake catalogue sqlite:no/lake does not",
        ),
        ("postgres:dbname=lake", "Connection refused", "catalogue postgres:dbname=lake cannot be opened"),
    ],
)
def test_causes(catalogue, error, message):
    assert message in explain(catalogue, error)


@pytest.mark.parametrize(
    "given", ["dbname=lake password={}", "dbname=lake password='{} '", "postgresql://jo:{}@host/lake"]
)
def test_no_message_shows_a_password(given):
    secret = "hunter2"
    shown = explain(f"postgres:{given.format(secret)}", f'Unable to connect to Postgres at "{given.format(secret)}"')
    assert secret not in shown
    assert shown.count("***") == 2


@pytest.mark.parametrize("name", [CATALOGUE, FILES, "SEGMENTATION_SCHEMA"])
def test_the_page_names_what_can_be_set(name):
    assert f"`{name}`" in PAGE
