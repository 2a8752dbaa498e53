"""What dbt has parsed, kept for all tests: a project is parsed once for each of its settings.

dbt parses everything again when a var or `dbt_project.yml` differs from the last run in the same folder, which takes longer
than most of what the tests look at. What it parses is a function of the files and these settings, and dbt itself compares the
files with what was parsed. So a run begins with what any test has parsed with the same settings.

Every run also translates the templates that it renders into Python, which is a fifth of the time of a small run, and to parse a
project begins with taking its macros apart, which is a third of it. Both are functions of the text alone, and are kept too. Of what
is left of parsing, a fifth is to hold every piece of every file against a schema, which what was valid once need not go through.
"""

import contextlib
import fnmatch
import hashlib
import itertools
import json
import marshal
import os
import pickle
import re
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import jinja2
import yaml

FOLDER = "PARSED_PROJECTS"  # the environment variable that names the folder where they are kept
INPUTS = ("_customers", "_transactions")  # the ends of the names of vars that say where an input is
# vars that only SQL reads, when it runs
READ_WHEN_RUN = {
    "database_threads", "exact_points", "generated_retail_customers", "memory_limit", "smallest_cell", "spill_folder",
    "spill_limit",
}  # fmt: skip
# vars that one model alone has among its settings, whose other readers are SQL
CHECKED_WITH_SEEDS, CHECKING_MODEL = {"as_of_date", "transaction_currency"}, "seed_problems"
OTHERS = ("--target-path", "--project-dir", "--no-partial-parse")  # a run with one of these shares nothing


def settings_as_parsed(settings: dict, selected: list[str] | None = None) -> dict:
    """Return vars without what is read at the time of a run, such as where exactly the file or the table of an input is.

    `selected` are the names of what is run, if not everything is: without the model that checks the seeds, its settings do
    not matter. What is parsed then is kept apart, since they may be those of another run.
    """

    def as_parsed(name: str, value):
        if not isinstance(value, str) or not name.endswith(INPUTS) or value == "from_transactions":
            return value
        return "file.parquet" if value.lower().endswith(".parquet") else "file"

    found = {name: as_parsed(name, value) for name, value in settings.items() if name not in READ_WHEN_RUN}
    if selected and all(re.fullmatch(r"\w+\*?", name) for name in selected):
        unread = found.keys() & CHECKED_WITH_SEEDS
        if unread and not any(fnmatch.fnmatch(CHECKING_MODEL, name) for name in selected):
            return {name: value for name, value in found.items() if name not in unread} | {CHECKING_MODEL: "left out"}
    return found


def selected_by(arguments: list[str]) -> list[str]:
    """Return what follows `--select`."""
    if "--select" not in arguments:
        return []
    following = arguments[arguments.index("--select") + 1 :]
    return list(itertools.takewhile(lambda argument: not argument.startswith("-"), following))


@contextlib.contextmanager
def parsed_before(arguments: list[str]) -> Iterator[None]:
    """Give a run of dbt in this folder what was parsed with its settings, and keep what it parses."""
    folder, project = os.environ.pop(FOLDER, None), Path("dbt_project.yml")
    if folder is None:
        yield
        return
    folder = Path(folder)
    with templates_are_kept(folder), valid_data_are_known(folder):  # noqa: SIM117
        with parsed_with_these_settings(folder, project, arguments):
            yield


@contextlib.contextmanager
def parsed_before_by_others() -> Iterator[None]:
    """Give a command that calls dbt itself what any run has parsed and translated."""
    from dbt.cli.main import dbtRunner

    folder = os.environ.pop(FOLDER, None)
    if folder is None:
        yield
        return
    invoke = dbtRunner.invoke

    def invoke_parsed(runner, arguments, **options):
        if runner.manifest is not None:  # nothing is parsed
            return invoke(runner, arguments, **options)
        with parsed_with_these_settings(Path(folder), Path("dbt_project.yml"), arguments):
            return invoke(runner, arguments, **options)

    dbtRunner.invoke = invoke_parsed
    try:
        with templates_are_kept(Path(folder)), valid_data_are_known(Path(folder)):
            yield
    finally:
        dbtRunner.invoke = invoke


@contextlib.contextmanager
def parsed_with_these_settings(folder: Path, project: Path, arguments: list[str]) -> Iterator[None]:
    """Give a run of dbt what was parsed with its settings, and keep what it parses."""
    if not project.exists() or set(OTHERS) & set(arguments):
        yield
        return
    given = {name: arguments[arguments.index(name) + 1] for name in ("--vars", "--target") if name in arguments}
    settings = yaml.safe_load(given.get("--vars", "{}"))
    if not isinstance(settings, dict):
        yield
        return
    selected = selected_by(arguments)
    files = [project, Path("profiles.yml"), *sorted(Path("dbt_packages").glob("*/dbt_project.yml"))]
    parts = [json.dumps([settings_as_parsed(settings, selected), given.get("--target")], sort_keys=True, default=str)]
    parts += [file.read_text(encoding="utf-8") for file in files if file.exists()]
    key = hashlib.sha256("\0".join(parts).encode()).hexdigest()
    kept, here, named = folder / key, Path("target/partial_parse.msgpack"), Path("target/parsed_as")
    if kept.exists() and not (here.exists() and named.exists() and named.read_text() == key):
        here.parent.mkdir(exist_ok=True)
        shutil.copyfile(kept, here)
        named.write_text(key)
    before = here.stat().st_mtime_ns if here.exists() else None
    with inputs_are_alike(selected):
        try:
            yield
        finally:
            if here.exists() and here.stat().st_mtime_ns != before:
                named.write_text(key)
                if not kept.exists():
                    write_whole(kept, here.read_bytes())


def write_whole(path: Path, content: bytes) -> None:
    """Write a file that others read at the same time."""
    unfinished = Path(f"{path}.{os.getpid()}.{threading.get_ident()}")
    unfinished.write_bytes(content)
    unfinished.rename(path)


@contextlib.contextmanager
def templates_are_kept(folder: Path) -> Iterator[None]:
    """Let Jinja take a template apart, and translate it, once for all runs."""
    translate, take_apart = jinja2.Environment.compile, jinja2.Environment.parse

    def file_of(environment, kind: str, *parts) -> Path:
        parts = [type(environment).__qualname__, str(sorted(environment.extensions)), *map(str, parts)]
        return folder / f"{hashlib.sha256(chr(0).join(parts).encode()).hexdigest()}.{kind}"

    def translate_once(environment, source, name=None, filename=None, raw=False, defer_init=False):
        if not isinstance(source, str) or raw or defer_init:
            return translate(environment, source, name, filename, raw, defer_init)
        kept = file_of(environment, "template", name, filename, source)
        try:
            return marshal.loads(kept.read_bytes())
        except FileNotFoundError:
            translated = translate(environment, source, name, filename)
            write_whole(kept, marshal.dumps(translated))
            return translated

    def take_apart_once(environment, source, name=None, filename=None):
        kept = file_of(environment, "parts", name, filename, source)
        try:
            parts = pickle.loads(kept.read_bytes())
        except FileNotFoundError:
            parts = take_apart(environment, source, name, filename)
            write_whole(kept, pickle.dumps(parts.set_environment(None)))
        return parts.set_environment(environment)

    jinja2.Environment.compile, jinja2.Environment.parse = translate_once, take_apart_once
    try:
        yield
    finally:
        jinja2.Environment.compile, jinja2.Environment.parse = translate, take_apart


@contextlib.contextmanager
def valid_data_are_known(folder: Path) -> Iterator[None]:
    """Let dbt hold data against the schema of their class once for all runs. What is not valid is no data to remember."""
    from dbt_common.dataclass_schema import dbtClassMixin

    size, validate = 16, dbtClassMixin.__dict__["validate"]
    known, found = set(), set()
    for file in folder.glob("*.valid"):
        content = file.read_bytes()
        known |= {content[start : start + size] for start in range(0, len(content), size)}

    def validate_once(cls, data):
        described = f"{cls.__module__}.{cls.__qualname__}{chr(0)}{data!r}".encode("utf-8", "surrogatepass")
        key = hashlib.blake2b(described, digest_size=size).digest()
        if key not in known:
            validate.__func__(cls, data)
            known.add(key)
            found.add(key)

    dbtClassMixin.validate = classmethod(validate_once)
    try:
        yield
    finally:
        dbtClassMixin.validate = validate
        if found:
            content = b"".join(sorted(found))
            write_whole(folder / f"{hashlib.sha256(content).hexdigest()}.valid", content)


@contextlib.contextmanager
def inputs_are_alike(selected: list[str]) -> Iterator[None]:
    """Let dbt parse nothing again because an input is somewhere else, or another var differs that is read later."""
    from dbt.parser.manifest import ManifestLoader

    check = ManifestLoader.build_manifest_state_check

    def check_as_parsed(loader):
        config, settings = loader.root_project, loader.root_project.cli_vars
        config.cli_vars = settings_as_parsed(settings, selected)
        try:
            return check(loader)
        finally:
            config.cli_vars = settings

    ManifestLoader.build_manifest_state_check = check_as_parsed
    try:
        yield
    finally:
        ManifestLoader.build_manifest_state_check = check
