"""This project as a package of another dbt project: integration_tests."""

import shutil
from pathlib import Path

from helpers.projects import PROJECT, ROOT, Project

HOST = "integration_tests"


def dbt(folder: Path, *arguments: str) -> str:
    """Run dbt in a folder and return what it says."""
    run = Project(folder).dbt(*arguments)
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout


def copy_of_host(root: Path) -> Path:
    """Copy this project and the host beside each other, as they are in the repository."""
    left_out = shutil.ignore_patterns("__pycache__", "target", "logs", "dbt_packages", "*.duckdb")
    for name in [*PROJECT, HOST]:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, root / name, ignore=left_out)
        else:
            shutil.copy(ROOT / name, root / name)
    return root / HOST


def build_host(root: Path) -> None:
    """Build the host; beside its own models it has what is none of our business."""
    root.mkdir()
    folder = copy_of_host(root)
    # a seed with an empty line and an incremental model, which dbt treats in its own way
    (folder / "seeds" / "short.csv").write_text("a,b\n1,2\n\n3,4\n")
    (folder / "models" / "old.sql").write_text("{{ config(materialized='incremental') }}\nselect 1 as a\n")
    # fits begin with a sample, as they do beyond memory
    project = Project(folder)
    project.edit(
        "dbt_project.yml", "evidence: none", "evidence: none\n  exact_customers: 100\n  coreset_customers: 100"
    )
    dbt(folder, "deps")
    (folder / "build.log").write_text(dbt(folder, "build"))
