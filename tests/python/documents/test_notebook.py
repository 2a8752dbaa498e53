import os
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from helpers.small_publication import MALL, Described, publish

NOTEBOOK = Path(__file__).resolve().parents[3] / "notebooks" / "segmentation.ipynb"


def run_in(folder: Path):
    """Run the notebook as if it had been started in this folder."""
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    # Streamlit, which other tests import, tells every process after it to draw nothing.
    environment = {key: value for key, value in os.environ.items() if key != "MPLBACKEND"}
    NotebookClient(notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(folder)}}).execute(
        env=environment
    )
    return notebook


def outputs(notebook, kind: str) -> list[str]:
    found = []
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            assert output.output_type != "error"
            if kind in output.get("data", {}):
                found.append(output.data[kind])
    return found


def test_the_notebook_is_kept_without_outputs_and_with_prose_and_short_cells():
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert not [cell for cell in code if cell.outputs or cell.execution_count]
    assert max(len(cell.source.splitlines()) for cell in code) <= 20
    assert sum(cell.cell_type == "markdown" for cell in notebook.cells) >= 0.7 * len(code)


def test_the_notebook_runs_on_what_the_build_publishes(built):
    notebook = run_in(built.folder)
    said = " ".join(outputs(notebook, "text/markdown"))
    assert "We follow **mall_income_spending**, made of real customers of the dataset **mall**." in said
    tables = " ".join(outputs(notebook, "text/html"))
    for expected in ("Steady Middle", "duplicate id", "Early Access", "HDBSCAN", "runner_up_persona"):
        assert expected in tables
    assert len(outputs(notebook, "image/png")) == 4


@pytest.mark.slow
@pytest.mark.parametrize("evidence", [True, False])
def test_the_notebook_runs_on_any_publication(tmp_path, evidence):
    one = Described("own", "own", ("Low", "High"), features=("age",))
    publish(tmp_path / "published" / "marts.duckdb", one, MALL, evidence=evidence)
    (tmp_path / "notebooks").mkdir()
    said = " ".join(outputs(run_in(tmp_path / "notebooks"), "text/markdown"))
    assert ("Not computed" in said) is not evidence
