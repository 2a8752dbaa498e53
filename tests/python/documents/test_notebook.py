import copy

import nbformat
import pytest

from helpers.notebook import differences, kept, run_in
from helpers.small_publication import MALL, Described, publish


@pytest.fixture(scope="module")
def built_outputs(built):
    """The notebook after a run on what the build publishes."""
    return run_in(built.folder)


def outputs(notebook, kind: str) -> list[str]:
    found = []
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            assert output.output_type != "error"
            if kind in output.get("data", {}):
                found.append(output.data[kind])
    return found


def test_the_notebook_is_kept_with_outputs_prose_and_short_cells():
    notebook = kept()
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    assert len(outputs(notebook, "image/png")) == 4
    assert max(len(cell.source.splitlines()) for cell in code) <= 20
    assert sum(cell.cell_type == "markdown" for cell in notebook.cells) >= 0.7 * len(code)


def test_the_notebook_is_kept_with_the_outputs_of_today(built_outputs):
    assert differences(kept(), built_outputs) == [], "run `make build pages`"


def test_an_output_that_went_stale_is_found():
    notebook = kept()
    table = next(cell for cell in notebook.cells if cell.get("outputs") and "text/html" in cell.outputs[0].data)
    chart = next(cell for cell in notebook.cells if cell.get("outputs") and "image/png" in cell.outputs[0].data)
    others = [
        one.outputs[0].data["image/png"]
        for one in notebook.cells
        if one.get("outputs") and one is not chart and "image/png" in one.outputs[0].data
    ]
    stale = copy.deepcopy(notebook)
    assert differences(notebook, stale) == []
    by_name = {cell.id: cell for cell in stale.cells}
    by_name[table.id].outputs[0].data["text/html"] += "<p>7</p>"
    by_name[chart.id].outputs[0].data["image/png"] = others[0]
    assert differences(notebook, stale) == [cell.id for cell in notebook.cells if cell.id in (table.id, chart.id)]
    by_name[chart.id].outputs = []
    assert chart.id in differences(notebook, stale)
    assert differences(notebook, nbformat.from_dict({**notebook, "cells": notebook.cells[1:]})) == ["cells"]


def test_the_notebook_runs_on_what_the_build_publishes(built_outputs):
    said = " ".join(outputs(built_outputs, "text/markdown"))
    assert "We follow **mall_income_spending**, made of real customers of the dataset **mall**." in said
    tables = " ".join(outputs(built_outputs, "text/html"))
    for expected in ("Steady Middle", "duplicate id", "Early Access", "HDBSCAN", "runner_up_persona"):
        assert expected in tables
    assert len(outputs(built_outputs, "image/png")) == 4


@pytest.mark.slow
@pytest.mark.parametrize("evidence", [True, False])
def test_the_notebook_runs_on_any_publication(tmp_path, evidence):
    one = Described("own", "own", ("Low", "High"), features=("age",))
    publish(tmp_path / "published" / "marts.duckdb", one, MALL, evidence=evidence)
    (tmp_path / "notebooks").mkdir()
    said = " ".join(outputs(run_in(tmp_path / "notebooks"), "text/markdown"))
    assert ("Not computed" in said) is not evidence
