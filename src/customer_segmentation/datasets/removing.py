"""Plan what goes with a dataset: its folder, rows of the seeds, suites, raw data and places in the vars."""

import json
import subprocess
from collections.abc import Sequence

from customer_segmentation.datasets.dataset import LISTING, fingerprint
from customer_segmentation.datasets.host import SEEDS
from customer_segmentation.datasets.known import seed
from customer_segmentation.datasets.project_blocks import FILE
from customer_segmentation.datasets.project_vars import listed, with_listed, without_var
from customer_segmentation.datasets.seed_files import without_rows
from customer_segmentation.datasets.sources import listed as named
from customer_segmentation.datasets.writing import Changes
from customer_segmentation.errors import NotPossibleError, UsageError

LISTS = ("datasets", "datasets_with_purchases", "datasets_with_outcomes", "fallback_segmentations")


def plan_removal(names: Sequence[str], changes: Changes, *, force: bool = False) -> list[str]:
    """Plan that datasets go, with all that belongs to them alone.

    Parameters
    ----------
    names : sequence of str
        The datasets.
    changes : Changes
        The project.
    force : bool
        Whether files that were edited by hand go, too.

    Returns
    -------
    list of str
        What stays although it may be of no use any more, in sentences.

    Raises
    ------
    NotPossibleError
        If a dataset does not exist, no other would be left, or a file of it was edited by hand.
    """
    all_datasets = listed(changes.text(FILE), "datasets")
    for name in names:
        if name not in all_datasets and not (changes.root / "models" / "datasets" / name).is_dir():
            raise UsageError(f"There is no dataset {name}. Found {', '.join(all_datasets)}. Correct the name.")
    if set(all_datasets) <= set(names):
        raise NotPossibleError(
            "A project needs a dataset, and none would be left. Take up yours first, with `segmentation init`; with "
            "--only it removes the others."
        )
    for name in names:
        files = _files_of(name, changes)
        edited = [] if force else [path for path in files if _is_edited(path, name, changes)]
        if edited:
            raise NotPossibleError(
                f"{named(edited)} of {name}: edited by hand since it was written. Nothing was removed. Keep a copy if "
                f"you need it, and remove the dataset with: segmentation remove {name} --force"
            )
        for path in files:
            changes.remove(path)
    _plan_seeds(set(names), changes)
    project = changes.text(FILE)
    gone = set(names) | {
        row["segmentation"] for row in _rows_before(changes, "segmentations") if row["dataset"] in set(names)
    }
    for var in LISTS:
        kept = [one for one in listed(project, var) if one not in gone]
        project = with_listed(project, var, kept)
    for name in names:
        for things in ("customers", "transactions"):
            project = without_var(project, f"{name}_{things}")
    changes.write(FILE, project)
    return _left_behind(names, changes)


def _files_of(name, changes) -> list[str]:
    root = changes.root
    found = [
        path
        for folder in (root / "models" / "datasets" / name, root / "quality" / name)
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    ]
    raw = root / "seeds" / "raw"
    found += [raw / f"_{name}__seeds.yml", *(raw / f"{name}_{things}.csv" for things in ("customers", "transactions"))]
    return sorted(path.relative_to(root).as_posix() for path in found if path.is_file())


def _is_edited(path, name, changes) -> bool:
    listing = changes.root / "models" / "datasets" / name / LISTING
    if listing.is_file():
        if path.endswith(f"/{LISTING}"):
            return False
        try:
            written = json.loads(listing.read_text(encoding="utf-8"))
        except ValueError:
            return True
        return written.get(path) != fingerprint((changes.root / path).read_bytes())
    return _differs_from_git(path, changes.root)


def _differs_from_git(path, root) -> bool:
    """Say whether git knows another version of a file, or none; without git nothing can be said."""
    try:
        run = subprocess.run(
            ["git", "status", "--porcelain", "--ignored", "--", path],
            cwd=root,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return run.returncode == 0 and bool(run.stdout.strip())


def _plan_seeds(names, changes) -> None:
    segmentations = {row["segmentation"] for row in seed(changes, "segmentations") if row["dataset"] in names}
    inputs = {f"{name}_{things}" for name in names for things in ("customers", "transactions", "campaign_outcomes")}
    campaigns_before = _assigned_campaigns(changes)

    def is_dropped(row) -> bool:
        return row.get("dataset") in names or row.get("segmentation") in segmentations or row.get("input") in inputs

    for file in sorted((changes.root / SEEDS).glob("*.csv")):
        path = f"{SEEDS}/{file.name}"
        changes.write(path, without_rows(changes.text(path), is_dropped))
    # a campaign that nothing used before is an idea for later
    unused = campaigns_before - _assigned_campaigns(changes)
    path = f"{SEEDS}/campaigns.csv"
    changes.write(path, without_rows(changes.text(path), lambda row: row["campaign"] in unused))


def _assigned_campaigns(changes) -> set[str]:
    """Return the campaigns that a persona or an RFM group has, or an experiment tests."""
    users = ("persona_campaigns", "rfm_group_campaigns", "experiments")
    return {row["campaign"] for name in users for row in seed(changes, name)}


def _rows_before(changes, name) -> list[dict[str, str]]:
    """Return the rows of a seed as they are in the file now."""
    return seed(Changes(changes.root, changes.package), name)


def _left_behind(names, changes) -> list[str]:
    return [
        f"{path.relative_to(changes.root).as_posix()} stays: it may be yours. Delete it if you do not need it."
        for name in names
        for path in sorted((changes.root / "seeds" / "raw").glob(f"{name}_*.xlsx"))
    ]
