"""What the project is made of can be told, and nothing that runs in a workflow changes unseen."""

import json
import re
import subprocess
import sys
from importlib.metadata import distributions
from itertools import pairwise
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from helpers.projects import ROOT

WORKFLOWS = ROOT / ".github" / "workflows"
USED = re.compile(r"^\s*(?:-\s*)?['\"]?uses['\"]?\s*:\s*(?P<what>.+?)\s*$", re.MULTILINE)
PINNED = re.compile(r"^[\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+(\.\d+)*$")
LOCAL = re.compile(r"^\./[\w./-]+$")  # an action of this repository changes with it


def not_pinned(workflow: str) -> list[str]:
    return [what for what in USED.findall(workflow) if not PINNED.match(what) and not LOCAL.match(what)]


def used(value) -> list[str]:
    """Every action of a workflow, as YAML reads it."""
    if isinstance(value, dict):
        return [part for name, one in value.items() for part in ([one] if name == "uses" else used(one))]
    return [part for one in value for part in used(one)] if isinstance(value, list) else []


def test_every_action_is_pinned_by_a_commit_and_says_its_version():
    files = [*WORKFLOWS.glob("*.yml"), *WORKFLOWS.glob("*.yaml")]
    assert len(files) >= 2
    for file in files:
        text = file.read_text(encoding="utf-8")
        assert not_pinned(text) == [], file.name
        # the lines that were looked at are all that there are
        assert [what.split(" #")[0] for what in USED.findall(text)] == used(yaml.safe_load(text)), file.name


@pytest.mark.parametrize(
    "line",
    [
        "- uses: actions/checkout@v4",
        "- uses: actions/checkout@main",
        "  uses: actions/checkout@11bd719",
        "- uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683",
        "- uses: docker://alpine:3.20",
    ],
)
def test_an_action_that_may_change_is_refused(line):
    assert len(not_pinned(line)) == 1


def pins(lock: str) -> dict[str, str]:
    """Return the hashes of every package of a lock file."""
    return dict(re.findall(r"^([\w.-]+(?:\[[\w,-]+\])?==\S+)(.*?)(?=^\S|\Z)", lock, re.MULTILINE | re.DOTALL))


LOCKS = [(ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8") for name in ("build", "report", "dev")]


def test_every_package_is_pinned_with_hashes_and_no_host():
    for lock in LOCKS:
        packages = pins(lock)
        assert len(packages) > 50
        assert [name for name, hashes in packages.items() if "--hash=sha256:" not in hashes] == []
        assert not re.search(r"https?://|file:|index-url", lock)


def test_a_larger_lock_file_holds_the_versions_of_the_smaller_one():
    for smaller, larger in pairwise(map(pins, LOCKS)):
        versions = {re.sub(r"\[.*\]", "", name) for name in larger}
        assert [name for name in smaller if re.sub(r"\[.*\]", "", name) not in versions] == []


def needed_with_and_without_an_extra(lock: str, requirements: list[str]) -> set[str]:
    """Packages that a lock pins with an extra and that something needs without one: pip 23 takes the newest of those."""
    with_extra = set(re.findall(r"^([\w.-]+)\[", lock, re.MULTILINE))
    return with_extra & {canonicalize_name(one.name) for one in map(Requirement, requirements) if not one.extras}


def test_no_pin_is_lost_between_a_package_and_its_extra():
    needed = [one for package in distributions() for one in package.requires or () if "extra ==" not in one]
    assert "sqlglot>=20.0.0" in needed
    for lock in LOCKS:
        assert needed_with_and_without_an_extra(lock, needed) == set()


def test_a_pin_with_an_extra_of_a_package_that_is_needed_without_it_is_found():
    assert needed_with_and_without_an_extra("sqlglot[c]==30.30.0 \\\n", ["sqlglot>=20.0.0"]) == {"sqlglot"}
    assert needed_with_and_without_an_extra("sqlglot[c]==30.30.0 \\\n", ["sqlglot[c]>=20.0.0"]) == set()


@pytest.mark.slow
def test_the_bill_of_materials_names_versions_and_licences(tmp_path):
    command = re.search(r"\$\(VENV\)/(sbom/bin/cyclonedx-py .*) \$\(BIN\)/python", (ROOT / "Makefile").read_text())[1]
    program, *arguments = command.replace("sbom.json", str(tmp_path / "sbom.json")).split()
    subprocess.run([Path(sys.prefix) / program, *arguments, sys.executable], cwd=ROOT, check=True, capture_output=True)
    components = {one["name"]: one for one in json.loads((tmp_path / "sbom.json").read_text())["components"]}
    assert f"duckdb=={components['duckdb']['version']}" in pins(LOCKS[0])
    assert components["duckdb"]["licenses"]
