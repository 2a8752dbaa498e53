"""What the project is made of can be told, and nothing that runs in a workflow changes unseen."""

import json
import re

import pytest
import yaml

from customer_segmentation.bill_of_materials import bill_of_materials, main, read_lock_file
from customer_segmentation.errors import InputError
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


def test_the_bill_of_materials_has_every_package_of_the_lock_file(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    assert main(["requirements.txt", str(tmp_path / "one.json")]) is None
    assert main(["requirements.txt", str(tmp_path / "again.json")]) is None
    assert (tmp_path / "one.json").read_bytes() == (tmp_path / "again.json").read_bytes()
    bill = json.loads((tmp_path / "one.json").read_text())
    assert (bill["bomFormat"], bill["specVersion"], bill["version"]) == ("CycloneDX", "1.6", 1)
    assert re.fullmatch(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", bill["serialNumber"])
    # counted in another way: a package begins a line of the lock file
    pinned = re.findall(r"^([A-Za-z0-9._-]+)(?:\[\w+\])?==(\S+)", (ROOT / "requirements.txt").read_text(), re.MULTILINE)
    assert [(one["name"], one["version"]) for one in bill["components"]] == pinned
    references = {one["bom-ref"] for one in bill["components"]}
    assert len(references) == len(pinned)
    by_name = {one["name"]: one for one in bill["components"]}
    assert by_name["duckdb"]["licenses"]
    assert all(re.fullmatch("[0-9a-f]{64}", one["value"]) for one in by_name["duckdb"]["properties"][:1])
    known = {one["ref"]: one["dependsOn"] for one in bill["dependencies"]}
    assert by_name["duckdb"]["bom-ref"] in known[by_name["dbt-duckdb"]["bom-ref"]]
    assert set().union(*known.values()) <= references
    assert f"{len(pinned)} packages of requirements.txt" in capsys.readouterr().out


def test_nothing_is_guessed_about_a_package_that_is_not_here(tmp_path):
    lock = tmp_path / "lock.txt"
    lock.write_text(
        "# a comment\nno-such-package-here[extra]==1.2.3 ; sys_platform == 'win32' \\\n"
        f"    --hash=sha256:{'a' * 64} \\\n    --hash=sha256:{'b' * 64}\n    # via\n    #   another\n"
    )
    project = {"name": "p", "version": "1", "description": "d", "license": "MIT", "dependencies": []}
    (component,) = bill_of_materials(read_lock_file(lock), project)["components"]
    assert component["purl"] == "pkg:pypi/no-such-package-here@1.2.3"
    assert "licenses" not in component
    properties = [(one["name"], one["value"][:15]) for one in component["properties"]]
    assert properties[:3] == [
        ("lock:sha256", "a" * 15), ("lock:sha256", "b" * 15), ("lock:marker", "sys_platform =="),
    ]  # fmt: skip
    assert properties[3][0] == "lock:installed"


@pytest.mark.parametrize("line", ["numpy>=2", "numpy", "git+https://example.invalid/x.git"])
def test_what_is_not_pinned_stops_the_bill(tmp_path, line):
    (tmp_path / "lock.txt").write_text(f"duckdb==2.0.0\n{line}\n")
    with pytest.raises(InputError, match="line 2: found"):
        read_lock_file(tmp_path / "lock.txt")
