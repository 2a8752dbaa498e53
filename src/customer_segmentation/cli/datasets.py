"""The commands `segmentation init` and `segmentation remove`."""

import click

from customer_segmentation.cli import options


@click.command(short_help="Add a dataset: models, seed rows and suites from a file, table or source.")
@click.argument("name")
@click.argument("source", required=False)
@click.option("--purchases", metavar="SOURCE", help="Source of its orders or order lines.")
@click.option("--only", is_flag=True, help="Remove all other datasets.")
@options.project_changes
def init(name, source, purchases, only, dry_run, yes) -> None:
    """Add a dataset called NAME: lower-case letters, digits and underscores.

    The command inspects SOURCE, proposes what each column means, and says why it leaves a column out. It shows all
    changes and asks before writing. It overwrites nothing, and writes all files or none.

    SOURCE is a file (.csv, .tsv, .txt, also .gz, .parquet, .xlsx, book.xlsx#Sheet), a quoted glob, a table of the
    warehouse (schema.table), or a dbt node: "source('crm', 'customers')" or "ref('dim_customers')". Run the
    command at the root of the project.
    """
    from customer_segmentation.datasets.command import take_up

    take_up(name, source, purchases, only=only, dry_run=dry_run, yes=yes)


@click.command(short_help="Remove datasets with everything that belongs to them.")
@click.argument("names", metavar="NAME...", nargs=-1, required=True)
@click.option("--force", is_flag=True, help="Also remove files that were edited by hand.")
@options.project_changes
def remove(names, force, dry_run, yes) -> None:
    """Remove datasets: their models, suites, raw data, seed rows and entries in dbt_project.yml.

    The command shows all changes and asks before writing. It refuses to remove files edited by hand unless you add
    --force.
    """
    from customer_segmentation.datasets.command import take_out

    take_out(list(names), force=force, dry_run=dry_run, yes=yes)
