"""Run the notebook, and compare its outputs with those that are kept with it: `make pages` refreshes them."""

import base64
import io
import os
from pathlib import Path

import nbformat
import numpy as np
from nbclient import NotebookClient
from PIL import Image

ROOT = next(folder for folder in Path(__file__).resolve().parents if (folder / "dbt_project.yml").is_file())
NOTEBOOK = ROOT / "notebooks" / "segmentation.ipynb"
TEXTS = ("text/markdown", "text/html", "text/plain")
NEAR = 1.0  # mean difference of the pixels of two pictures, of 255, that another processor may make


def kept() -> nbformat.NotebookNode:
    """Return the notebook as it is kept."""
    return nbformat.read(NOTEBOOK, as_version=4)


def run_in(folder: Path) -> nbformat.NotebookNode:
    """Run the notebook as if it had been started in this folder."""
    notebook = kept()
    # Streamlit, which other tests import, tells every process after it to draw nothing.
    environment = {key: value for key, value in os.environ.items() if key != "MPLBACKEND"}
    client = NotebookClient(
        notebook, timeout=120, kernel_name="python3", record_timing=False, resources={"metadata": {"path": str(folder)}}
    )
    client.execute(env=environment)
    notebook.metadata = nbformat.from_dict({**notebook.metadata, "language_info": {"name": "python"}})
    return notebook


def differences(one: nbformat.NotebookNode, other: nbformat.NotebookNode) -> list[str]:
    """List the cells, by their names, whose source or outputs are not the same in two runs of the notebook."""
    names = [cell.id for cell in one.cells]
    if names != [cell.id for cell in other.cells]:
        return ["cells"]
    pairs = zip(one.cells, other.cells, strict=True)
    return [cell.id for cell, same in pairs if cell.source != same.source or not _is_same(cell, same)]


def _is_same(cell, other) -> bool:
    shown, again = (_shown(each) for each in (cell, other))
    return len(shown) == len(again) and all(map(_is_like, shown, again))


def _shown(cell) -> list[dict]:
    """Return what a cell shows."""
    found = cell.get("outputs", [])
    return [output.get("data", {"text/plain": output.get("text", output.output_type)}) for output in found]


def _is_like(output, other) -> bool:
    if set(output) != set(other):
        return False
    if "image/png" in output:
        return _is_near(*(_pixels(each["image/png"]) for each in (output, other)))
    return all(output[kind] == other[kind] for kind in TEXTS if kind in output)


def _is_near(picture, other) -> bool:
    return picture.shape == other.shape and bool(np.abs(picture - other).mean() < NEAR)


def _pixels(png: str) -> np.ndarray:
    with Image.open(io.BytesIO(base64.b64decode(png))) as picture:
        return np.asarray(picture.convert("RGB"), dtype=float)


def refresh() -> bool:
    """Run the notebook on what was published here, keep its outputs if they differ, and return whether they do."""
    fresh = run_in(ROOT)
    if not differences(kept(), fresh):
        return False
    nbformat.write(fresh, NOTEBOOK)
    return True
