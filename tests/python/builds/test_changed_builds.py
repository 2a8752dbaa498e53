"""`segmentation build --changed` builds what a change makes out of date, and everything where it cannot tell."""

import json
import os
import time

import pytest

from customer_segmentation.builds import last_build
from customer_segmentation.builds.last_build import CompleteBuildNeededError, LastBuild, stamp
from customer_segmentation.builds.out_of_date import (
    descendants,
    history_to_read,
    input_patterns,
    inputs_to_read,
    near_seeds,
)
from helpers.projects import with_the_mall_alone

NODES = {
    # what depends on what
    "seed.p.words": [],
    "model.p.problems": ["seed.p.words"],
    "model.p.input_shop": ["model.p.problems"],
    "model.p.shapes": ["seed.p.words"],
    "model.p.fit": ["model.p.input_shop", "model.p.shapes"],
    "model.p.names": ["model.p.fit", "seed.p.words"],
    "test.p.fit_has_key": ["model.p.fit"],
}


@pytest.fixture
def manifest() -> dict:
    nodes = {
        identity: {
            "name": identity.split(".")[2],
            "resource_type": identity.split(".")[0],
            "depends_on": {"nodes": parents},
            "config": {"meta": {"only_stops": True} if identity == "model.p.problems" else {}},
        }
        for identity, parents in NODES.items()
    }
    nodes["model.p.input_shop"]["config"]["meta"] = {"input": {"name": "data/*.csv"}}
    children = {one: [child for child, parents in NODES.items() if one in parents] for one in NODES}
    return {"nodes": nodes, "unit_tests": {}, "child_map": children, "parent_map": NODES}


def test_what_depends_on_a_seed_is_out_of_date_but_not_what_its_problems_only_stop(manifest):
    assert descendants(manifest, ["seed.p.words"]) == [
        "model.p.fit", "model.p.names", "model.p.problems", "model.p.shapes", "seed.p.words",
    ]  # fmt: skip


def test_what_came_out_as_it_was_makes_nothing_out_of_date(manifest):
    assert near_seeds(manifest, ["seed.p.words"], descendants(manifest, ["seed.p.words"])) == [
        "model.p.problems", "model.p.shapes",
    ]  # fmt: skip
    found = descendants(manifest, ["seed.p.words"], stop_at={"model.p.shapes"})
    assert "model.p.fit" not in found
    assert "model.p.names" in found


def test_a_changed_test_runs_by_itself(manifest):
    assert descendants(manifest, ["test.p.fit_has_key"]) == ["test.p.fit_has_key"]


def test_inputs_are_read_again_if_a_file_is_new_changed_or_gone_and_tables_always(manifest, tmp_path):
    patterns = input_patterns(manifest, {})
    assert patterns == {"model.p.input_shop": "data/*.csv"}
    before = {"data/may.csv": [10, 1]}
    for now in ({"data/may.csv": [10, 2]}, {"data/may.csv": [10, 1], "data/june.csv": [1, 1]}, {}):
        assert inputs_to_read(manifest, patterns, before, now, tmp_path) == {
            "model.p.input_shop": "data/*.csv has changed"
        }
    assert inputs_to_read(manifest, patterns, before, before, tmp_path) == {}
    table = input_patterns(manifest, {"shop": "crm.customers"})
    assert "read again" in inputs_to_read(manifest, table, before, before, tmp_path)["model.p.input_shop"]


@pytest.fixture
def recorded(tmp_path):
    """A project with a warehouse and a build on record; returns its root and the build."""
    (tmp_path / "dbt_project.yml").write_text("name: shop")
    (tmp_path / "warehouse.duckdb").write_bytes(b"rows")
    (tmp_path / "target").mkdir()
    (tmp_path / "target/manifest.json").write_text("{}")
    for file in (tmp_path / "dbt_project.yml", last_build.LIBRARY):
        assert file.exists()
    build = LastBuild(time.time() + 1, {"k": 1}, "", stamp(tmp_path / "warehouse.duckdb"), {})
    last_build.keep(tmp_path / "target", build, tmp_path / "target/manifest.json")
    return tmp_path, build


def test_a_record_is_read_as_it_was_kept(recorded):
    root, build = recorded
    assert last_build.read(root / "target") == build
    last_build.check(build, root / "warehouse.duckdb", {"k": 1}, "", root)


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (lambda target: (target / "last_build/build.json").unlink(), "no complete build is on record"),
        (lambda target: (target / "last_build/manifest.json").write_text("{half"), "is damaged"),
        (lambda target: (target / "last_build/build.json").write_text('{"version": 1}'), "is damaged"),
        (lambda target: (target / "last_build/build.json").write_text('{"version": 0}'), "another version"),
    ],
)
def test_a_record_that_is_missing_half_written_or_of_another_version_is_said(recorded, damage, reason):
    damage(recorded[0] / "target")
    with pytest.raises(CompleteBuildNeededError, match=reason):
        last_build.read(recorded[0] / "target")


def test_what_everything_depends_on_leads_to_a_complete_build(recorded):
    root, build = recorded
    warehouse = root / "warehouse.duckdb"
    with pytest.raises(CompleteBuildNeededError, match="not those of the last build"):
        last_build.check(build, warehouse, {"k": 2}, "", root)
    os.utime(root / "dbt_project.yml", (build.started_at + 10, build.started_at + 10))
    with pytest.raises(CompleteBuildNeededError, match=r"dbt_project\.yml has changed"):
        last_build.check(build, warehouse, {"k": 1}, "", root)
    warehouse.write_bytes(b"other rows")
    with pytest.raises(CompleteBuildNeededError, match="something else has changed the warehouse"):
        last_build.check(build, warehouse, {"k": 1}, "", root)
    warehouse.unlink()
    with pytest.raises(CompleteBuildNeededError, match="does not exist"):
        last_build.check(build, warehouse, {"k": 1}, "", root)
    with pytest.raises(CompleteBuildNeededError, match="is no file"):
        last_build.check(build, root / "md:shop", {"k": 1}, "", root)


@pytest.mark.parametrize(
    "part",
    [
        {"select": ["x"]},
        {"which": "run"},
        {"status": "error"},
        {"invocation_id": "other"},
    ],
)
def test_only_a_complete_build_of_dbt_is_taken_over(recorded, part):
    root, _ = recorded
    target, warehouse = root / "target", root / "warehouse.duckdb"
    last_build.forget(target)
    (root / "shop.csv").write_text("id")

    def write(part):
        now = "2100-01-01T00:00:00Z"
        metadata = {"invocation_id": "one", "invocation_started_at": now, "generated_at": now}
        results = {
            "args": {"which": part.get("which", "build"), "select": part.get("select", []), "vars": {}},
            "metadata": metadata | {"invocation_id": part.get("invocation_id", "one")},
            "results": [
                {
                    "status": part.get("status", "success"),
                    "unique_id": "model.p.input_shop",
                    "timing": [{"name": "execute", "started_at": part.get("read_at", now)}],
                }
            ],
        }
        (target / "run_results.json").write_text(json.dumps(results))
        (target / "manifest.json").write_text(json.dumps({"metadata": metadata}))

    write(part)
    last_build.adopt(target, warehouse, {"model.p.input_shop": "shop.csv"}, root)
    with pytest.raises(CompleteBuildNeededError):
        last_build.read(target)
    write({})
    last_build.adopt(target, warehouse, {"model.p.input_shop": "shop.csv"}, root)
    assert last_build.read(target).warehouse == stamp(warehouse)
    assert last_build.read(target).data == {"shop.csv": stamp(root / "shop.csv")}
    write({"read_at": "2000-01-01T00:00:00Z"})  # the file has changed since
    last_build.adopt(target, warehouse, {"model.p.input_shop": "shop.csv"}, root)
    assert last_build.read(target).data == {}


def published_content(project) -> str:
    """Return the id of what is published, which the same content always has."""
    return json.loads((project.published / "publication.json").read_text())["build_id"]


@pytest.mark.slow
def test_a_changed_persona_is_published_like_in_a_complete_build(rebuilt):
    with_the_mall_alone(rebuilt)
    run = rebuilt.segmentation("build", "--changed")
    assert run.returncode == 0, run.stdout + run.stderr
    assert "Building everything: no complete build is on record" in run.stdout
    fitted_at = rebuilt.query("select segmentation, fitted_at from segmentation.fitted_clusters order by all")
    definitions, persona = "seeds/judgement/persona_definitions.csv", "mall_income_spending,treat_seekers,"
    # a mistake stops the build before anything is published, and is built when it is corrected
    rebuilt.edit(definitions, persona, "mall_income_spendin,treat_seekers,")
    published = rebuilt.published_files()
    run = rebuilt.segmentation("build", "--changed")
    assert run.returncode == 1
    assert "persona_definitions.csv" in run.stdout
    assert "found mall_income_spendin" in run.stdout
    assert "Traceback" not in run.stdout + run.stderr
    assert rebuilt.published_files() == published
    rebuilt.edit(definitions, "mall_income_spendin,treat_seekers,", persona)
    rebuilt.edit(definitions, "Small income, large appetite", "Little income, large appetite")
    run = rebuilt.segmentation("build", "--changed")
    assert run.returncode == 0, run.stdout + run.stderr
    assert "Building everything" not in run.stdout
    assert "Little income" in str(rebuilt.query("select description from marts.personas"))
    results = json.loads((rebuilt.folder / "target/run_results.json").read_text())["results"]
    kinds = {result["unique_id"].split(".")[0] for result in results}
    assert "test" in kinds
    assert "unit_test" not in kinds, "no SQL has changed"
    content = published_content(rebuilt)
    # another description makes no fit out of date
    assert rebuilt.query("select segmentation, fitted_at from segmentation.fitted_clusters order by all") == fitted_at
    run = rebuilt.segmentation("build", "--changed")
    assert "Nothing has changed since the last build" in run.stdout
    # and everything is as if all had been built; tests of the same tables would say nothing else
    run = rebuilt.dbt("build", "--exclude-resource-type", "test")
    assert run.returncode == 0, run.stdout + run.stderr
    assert published_content(rebuilt) == content


def test_the_history_is_read_again_where_another_day_or_model_may_count():
    names = ("recorded_files", "build_days", "activated_models", "segments")
    manifest = {"nodes": {f"model.customer_segmentation.{name}": {} for name in names}}
    evening, next_morning = 1_709_251_199, 1_709_251_200  # 29 February 2024, 23:59:59 UTC, and a second later

    def read_again(before, now, *, has_new_data=False, chosen_at=0.0):
        return history_to_read(manifest, before, now, has_new_data=has_new_data, chosen_at=chosen_at)

    assert read_again(evening - 3600, evening, chosen_at=evening - 7200) == {}
    for found, reason in (
        (read_again(evening, next_morning), "the last build was on 2024-02-29"),
        (read_again(evening - 3600, evening, has_new_data=True), "the data may be of another day"),
        (read_again(evening - 3600, evening, chosen_at=evening - 60), "a model was activated since the last build"),
    ):
        assert {name.split(".")[-1] for name in found} == {"recorded_files", "build_days", "activated_models"}
        assert set(found.values()) == {f"the history is read again: {reason}"}
