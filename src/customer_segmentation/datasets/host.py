"""Another dbt project that uses this one as a package: what a dataset needs there beside its folder."""

import textwrap
from pathlib import Path

import yaml

from customer_segmentation.datasets.project_blocks import FILE, with_block
from customer_segmentation.datasets.warehouse import Warehouse
from customer_segmentation.datasets.writing import Changes
from customer_segmentation.errors import NotPossibleError

PACKAGE = "customer_segmentation"
READER = "customer_segmentation.inputs.reader"
SEEDS = "seeds/judgement"
# Seeds that a host has files of its own for. The others say what holds for every project.
SEEDS_OF_HOST = (
    "campaigns", "contact_rules", "contact_suppressions", "dataset_names", "experiments", "features",
    "input_definitions", "input_synonyms", "persona_campaigns", "persona_definitions", "persona_traits",
    "rfm_group_campaigns", "rfm_limits", "rfm_measures", "segmentation_features", "segmentations",
)  # fmt: skip
CONFIG_OF_SEEDS = f"""\
# loaded as the package {PACKAGE} loads its own: as texts, which are checked and get their types
judgement:
  +full_refresh: true
  +quote_columns: true
  +schema: seeds
  +post-hook: "{{{{ {PACKAGE}.conform_seed() }}}}"
"""
CONFIG_OF_FLAGS = """\
# models of the package read seeds and models of this project by design; dbt would warn about each
warn_error_options:
  silence: [PackageNodeDependsOnRootProjectNode]
"""
CONFIG_OF_UNIT_TESTS = "+enabled: false # they test the package, not your data\n"


def _replaced(name) -> str:
    return f"{name}: {{+enabled: false}} # replaced by {SEEDS}/{name}.csv of this project\n"


def package_folder(root: Path, project: dict) -> Path:
    """Return where the package lies in a project that uses it.

    Parameters
    ----------
    root : Path
        Root of the project.
    project : dict
        What its dbt_project.yml holds.

    Returns
    -------
    Path

    Raises
    ------
    NotPossibleError
        If the project does not use the package, or looks for its models and seeds elsewhere.
    """
    folder = root / project.get("packages-install-path", "dbt_packages") / PACKAGE
    if not (folder / FILE).is_file():
        raise NotPossibleError(
            f"{FILE} is that of the project '{project.get('name')}', and {PACKAGE} is not one of its installed "
            f"packages. Name it in packages.yml and run `dbt deps`, or change to the folder of {PACKAGE}."
        )
    for key, wanted in (("model-paths", "models"), ("seed-paths", "seeds")):
        if wanted not in project.get(key, [wanted]):
            raise NotPossibleError(
                f"{FILE}: {key} is {project[key]}, and this command writes to '{wanted}'. Add '{wanted}' to it."
            )
    return folder


def plan_host(changes: Changes, package: Path) -> None:
    """Plan what the first dataset of a host needs: its judgement seeds, and who loads them.

    Parameters
    ----------
    changes : Changes
        The host.
    package : Path
        Where this project lies as a package of it.

    Raises
    ------
    NotPossibleError
        If dbt_project.yml is written in a way that cannot be added to.
    """
    missing = [name for name in SEEDS_OF_HOST if changes.content(f"{SEEDS}/{name}.csv") is None]
    for name in missing:
        with (package / f"{SEEDS}/{name}.csv").open(encoding="utf-8-sig") as file:
            changes.add(f"{SEEDS}/{name}.csv", file.readline())
    text = changes.text(FILE)
    project = yaml.safe_load(text)
    if PACKAGE not in (project.get("unit_tests") or {}):
        text = with_block(text, ["unit_tests", PACKAGE], CONFIG_OF_UNIT_TESTS)
    if "warn_error_options" not in (project.get("flags") or {}):
        text = with_block(text, ["flags"], CONFIG_OF_FLAGS)
    seeds = project.get("seeds") or {}
    replaced = (seeds.get(PACKAGE) or {}).get("judgement")
    if replaced is None:
        block = "".join(map(_replaced, SEEDS_OF_HOST))
        text = with_block(text, ["seeds", PACKAGE], "judgement:\n" + textwrap.indent(block, "  "))
    else:
        # a project that was set up by an earlier version lacks the seeds that came since
        for name in missing:
            if name not in replaced:
                text = with_block(text, ["seeds", PACKAGE, "judgement"], _replaced(name))
    if "judgement" not in (seeds.get(project["name"]) or {}):
        text = with_block(text, ["seeds", project["name"]], CONFIG_OF_SEEDS)
    changes.write(FILE, text)


def still_to_do(changes: Changes) -> list[str]:
    """Return what the profile of a host lacks, in sentences: it may hold secrets, so this command does not write to it.

    Parameters
    ----------
    changes : Changes
        The project, a host or not.

    Returns
    -------
    list of str
    """
    if not changes.package:
        return []
    if any(one.module == READER for one in Warehouse(changes.root).credentials.plugins or []):
        return []
    return [f"Add to your profile, below `type: duckdb`:\n  threads: 1\n  plugins: [{{module: {READER}}}]"]
