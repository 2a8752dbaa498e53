"""A build keeps within the vars that limit it, and stops plainly when a disk or memory is full."""

import resource

import duckdb
import jinja2
import pytest

from customer_segmentation.errors import InputError
from customer_segmentation.warehouse.address_space import address_space_problem
from customer_segmentation.warehouse.machine_limits import explain, spill_folder_problem, without_traceback
from helpers.macro_files import macro_source

UNCHANGED = "What was published before is unchanged."


def limit_resources(**variables):
    """Render the macro as dbt does and return the statements that it runs."""
    statements = []

    class CompilationError(Exception):
        pass

    class Exceptions:
        def raise_compiler_error(self, message):
            raise CompilationError(message)

    class Modules:
        import re

    environment = jinja2.Environment(extensions=["jinja2.ext.do"])
    text = macro_source("limit_resources")
    nothing = {"memory_limit": None, "spill_limit": None, "database_threads": None, "spill_folder": None}
    template = environment.from_string(
        text + "{{ limit_resources() }}",
        globals={
            "execute": True,
            "modules": Modules,
            "exceptions": Exceptions(),
            "var": (nothing | variables).__getitem__,
            "run_query": statements.append,
            "return": lambda value: value,
        },
    )
    try:
        template.render()
    except CompilationError as error:
        return str(error)
    return statements


@pytest.mark.parametrize("size", ["2 elephants", "2", 2, "0GB", "-1GB", "80%", "GB", "1.5.2GB", "", "2GB'; drop", True])
@pytest.mark.parametrize("name", ["memory_limit", "spill_limit"])
def test_a_size_that_is_none_stops_the_build(name, size):
    assert limit_resources(**{name: size}) == (
        f"The var {name} is '{size}'. Expected a size above zero such as '2GB' or '500 MB', or null for the default of DuckDB."
    )


@pytest.mark.parametrize("threads", [0, -1, 1.5, "two", True, "", 10000])
def test_a_number_of_threads_that_is_none_stops_the_build(threads):
    assert f"The var database_threads is '{threads}'. Expected a whole number" in limit_resources(
        database_threads=threads
    )


@pytest.mark.parametrize("size", ["2GB", "0.5 gb", "500MiB", "1TB", "1 KB"])
def test_sizes_that_duckdb_takes(size):
    statements = limit_resources(memory_limit=size, spill_limit=size, database_threads="3")
    assert len(statements) == 3
    with duckdb.connect() as connection:
        # the limit that is so small that nothing else could be set comes last
        for statement in reversed(statements):
            connection.execute(statement)


def test_nothing_given_changes_nothing():
    assert limit_resources() == []


def test_a_spill_folder_that_cannot_be_written(tmp_path):
    file = tmp_path / "file"
    file.touch()
    assert spill_folder_problem(str(tmp_path / "new" / "folder")) == ""
    assert (tmp_path / "new" / "folder").is_dir()
    assert "The var spill_folder is empty. Expected a folder" in spill_folder_problem(" ")
    assert f"The var spill_folder is '{file}', where no file can be written: " in spill_folder_problem(str(file))


@pytest.mark.parametrize(
    ("error", "parts"),
    [
        (
            'Could not write file "x/w.duckdb": No space left on device',
            ["database file, x/w.duckdb", "SEGMENTATION_DATABASE"],
        ),
        (
            'write file "x/w.duckdb.wal": No space left on device',
            ["database file, x/w.duckdb.wal", "SEGMENTATION_DATABASE"],
        ),
        (
            'write file "s/duckdb_temp_1": No space left on device',
            ["the spill folder, s/duckdb_temp_1", "spill_folder"],
        ),
        (r'"Could not write file \"p/x.parquet\": No space left on device"', ["p/x.parquet", "published_folder"]),
        ("[Errno 28] No space left on device: 'p/x.xlsx'", ["p/x.xlsx", "published_folder"]),
        ("No space left on device", ["A disk is full"]),
        (
            "failed to offload data block of size 1 KiB (9 MiB/9 MiB used).",
            ["folder s,", "(9 MiB/9 MiB used)", "spill_limit"],
        ),
        ("Out of Memory Error: could not allocate block", ["memory_limit", "database_threads"]),
        (
            "Out of Memory Error: Failed to allocate block (bad allocation)",
            ["The system gives this process no more memory"],
        ),
        ("RuntimeError: can't start new thread", ["The system gives this process no more memory", "database_threads"]),
        (
            "Unable to allocate 7.62 MiB for an array with shape (169, 5911)",
            ["The system gives this process no more memory"],
        ),
    ],
)
def test_every_lack_of_room_is_explained(error, parts):
    explanation = explain(error, "x/w.duckdb", "s")
    for part in [*parts, UNCHANGED]:
        assert part in explanation


def test_other_errors_are_not_explained():
    assert explain("Catalog Error: Table with name x does not exist", "w.duckdb", "s") is None


def test_a_python_model_shows_no_traceback_of_a_full_disk():
    def full():
        raise OSError(28, "No space left on device", "x")

    def wrong():
        raise OSError(2, "No such file or directory", "x")

    def crowded():
        raise MemoryError

    with pytest.raises(InputError, match="No space left on device"):
        without_traceback(full)()
    with pytest.raises(InputError, match="MemoryError"):
        without_traceback(crowded)()
    with pytest.raises(FileNotFoundError):
        without_traceback(wrong)()


def test_what_duckdb_says_without_memory_is_explained(tmp_path):
    with (
        duckdb.connect(str(tmp_path / "x.duckdb"), config={"memory_limit": "5MB", "threads": 1}) as connection,
        pytest.raises(duckdb.OutOfMemoryException) as error,
    ):
        connection.execute("create table x as select hash(i) as h from range(1000000) as numbers(i) order by h")
    assert "Raise the var memory_limit" in explain(str(error.value), "x.duckdb", "x.duckdb.tmp")


@pytest.mark.parametrize(("limit", "is_problem"), [(10**9, True), (3 * 10**9, False), (resource.RLIM_INFINITY, False)])
def test_too_little_address_space_is_said_before_anything_else(monkeypatch, limit, is_problem):
    monkeypatch.setattr(resource, "getrlimit", lambda which: (limit, limit))
    problem = address_space_problem()
    assert (problem is not None) == is_problem
    if is_problem:
        assert problem.startswith(
            "This process may have 1.0 GB of address space (`ulimit -v`), and a build reserves at"
        )


def test_a_build_stops_plainly_where_there_is_no_room_and_recovers(rebuilt):
    numbers = "select hash(i) as number from range(5000000) as numbers(i)"
    (rebuilt.folder / "models/large.sql").write_text(numbers)
    (rebuilt.folder / "models/large_and_sorted.sql").write_text(f"{numbers} order by number")
    tight = ["--vars", "{memory_limit: 50MB, database_threads: 1, spill_folder: spilled, spill_limit: 1MB}"]
    rebuilt.assert_stopped_plainly(
        "What does not fit into memory is put into the folder spilled, and it takes no more",
        "spill_limit",
        UNCHANGED,
        command="run",
        arguments=["--select", "large_and_sorted", *tight],
    )
    size = 16 * 2**20  # less than the table, more than any other file
    rebuilt.assert_stopped_plainly(
        "The disk with the database file,",
        "warehouse.duckdb",
        "set the environment variable SEGMENTATION_DATABASE",
        UNCHANGED,
        command="run",
        arguments=["--select", "large", *tight],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size)),
    )
    run = rebuilt.dbt("run", "--select", "large", "large_and_sorted")
    assert run.returncode == 0, run.stdout


def test_a_wrong_limit_stops_the_build_at_once(rebuilt):
    rebuilt.edit("dbt_project.yml", "  spill_folder: null", "  spill_folder: warehouse.duckdb")
    rebuilt.assert_stopped_plainly("The var spill_folder is 'warehouse.duckdb', where no file can be written")


def test_limits_hold_for_every_model_and_python_model(rebuilt):
    settings = "current_setting('memory_limit') as memory, current_setting('threads') as threads"
    (rebuilt.folder / "models/limited_sql.sql").write_text(f"select {settings}")
    (rebuilt.folder / "models/limited_python.py").write_text(
        f'def model(dbt, session):\n    return session.sql("select {settings}")\n'
    )
    rebuilt.edit("dbt_project.yml", "  memory_limit: null", "  memory_limit: 700 MiB")
    rebuilt.edit("dbt_project.yml", "  database_threads: null", "  database_threads: 3")
    run = rebuilt.dbt("run", "--select", "limited_sql", "limited_python")
    assert run.returncode == 0, run.stdout
    assert rebuilt.query("from limited_sql union all from limited_python") == [("700.0 MiB", 3)] * 2
