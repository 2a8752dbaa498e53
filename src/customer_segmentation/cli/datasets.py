"""The commands `segmentation init` and `segmentation remove`."""

import click

from customer_segmentation.cli import options


@click.command(short_help="Take up a dataset: models, seed rows and suites from a file, table or source.")
@click.argument("name")
@click.argument("source", required=False)
@click.option("--purchases", metavar="SOURCE", help="Where its orders or order lines are.")
@click.option("--only", is_flag=True, help="Remove all other datasets.")
@options.project_changes
def init(name, source, purchases, only, dry_run, yes) -> None:
    """Take up a dataset called NAME: lower-case letters, digits and underscores.

    The command looks at SOURCE, proposes what each column is, and says why it leaves a column out. It shows all changes
    first, and asks on a terminal. It overwrites nothing, and writes all files or none.

    SOURCE is a file (.csv, .tsv, .txt, also .gz, .parquet, .xlsx, book.xlsx#Sheet), a pattern in quotes, a table of
    the warehouse (schema.table), or what dbt knows: "source('crm', 'customers')" or "ref('dim_customers')". Run the
    command in the root of the project.
    """
    from customer_segmentation.datasets.command import take_up

    take_up(name, source, purchases, only=only, dry_run=dry_run, yes=yes)


@click.command(short_help="Remove datasets with all that belongs to them.")
@click.argument("names", metavar="NAME...", nargs=-1, required=True)
@click.option("--force", is_flag=True, help="Remove files that were edited by hand, too.")
@options.project_changes
def remove(names, force, dry_run, yes) -> None:
    """Remove datasets: their models, suites, raw data, rows of the seeds and places in dbt_project.yml.

    The command shows all changes first, and asks on a terminal. Files that were edited by hand stop it unless --force
    is given.
    """
    from customer_segmentation.datasets.command import take_out

    take_out(list(names), force=force, dry_run=dry_run, yes=yes)
