"""The command `segmentation build`."""

from pathlib import Path

import click


@click.command(short_help="Build everything, or with --changed what a change makes out of date.")
@click.option("--changed", is_flag=True, help="Build only what changed since the last build, and what depends on it.")
@click.option("--vars", "variables", metavar="YAML", default="", help="Vars, as for dbt.")
def build(changed: bool, variables: str) -> None:
    """Run `dbt build`, write a line for each layer, and put on record what was built.

    With --changed, the command compares models, seeds and data with the last complete build and builds what depends on
    a change. It builds everything where it cannot tell, and says why: no build on record, other vars, changed settings
    or library, a warehouse that another command has changed. Run it at the root of the project.
    DBT_TARGET chooses the target of the profile, as for dbt. Instead of a line for each layer, DBT_LOG_LEVEL=info
    shows those of dbt, which are in its log in any case.
    """
    from customer_segmentation.builds.building import build as build_project

    if not build_project(Path.cwd(), only_changed=changed, variables=variables):
        click.get_current_context().exit(1)  # dbt has said why
