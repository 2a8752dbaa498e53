"""The command `segmentation forget`."""

import sys
from pathlib import Path

import click


@click.command(short_help="Remove customers from all that is kept, and keep them out of later builds.")
@click.argument("customers", nargs=-1, required=True, metavar="ID...")
@click.option(
    "--dataset",
    metavar="NAME",
    default="",
    help="Forget them in this dataset alone; other datasets may use the same ids.",
)
@click.option("--no-build", is_flag=True, help="Do not build now: warehouse and publication keep the rows until later.")
@click.option("--vars", "variables", metavar="YAML", default="", help="Vars of the build, as for dbt.")
def forget(customers: tuple[str, ...], dataset: str, no_build: bool, variables: str) -> None:
    """Remove all rows about customers from history, warehouse and published files, and keep them out of later builds.

    The command says where it finds them, adds hashes of their ids to the suppression list in the folder of the history,
    builds without them, copies the warehouse to a new file, and searches again. Files that the project only reads are
    not changed: it names the lines. Give the vars of your last build. Run it at the root of the project.
    DBT_TARGET chooses the target of the profile, as for dbt.
    """
    from customer_segmentation.builds.forgetting import forget as forget_customers

    del sys.argv[2:]  # dbt writes the command line to its log and its artifacts
    if not forget_customers(
        Path.cwd(), customers, dataset=dataset, builds=not no_build, variables=variables, say=click.echo
    ):
        click.get_current_context().exit(1)
