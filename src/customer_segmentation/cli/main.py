"""The command `segmentation`: look at what was published, score customers, write files, take up datasets.

Each command imports what it needs when it runs: one customer is scored before pandas would be there, and only the
commands that draw need drawing libraries.
"""

import io
import os
import sys
from pathlib import Path

import click

from customer_segmentation.cli import options
from customer_segmentation.cli.bi_files import bi_files
from customer_segmentation.cli.build import build
from customer_segmentation.cli.datasets import init, remove
from customer_segmentation.cli.export import export
from customer_segmentation.cli.forget import forget
from customer_segmentation.cli.mcp import mcp
from customer_segmentation.cli.models import models
from customer_segmentation.cli.predict import predict
from customer_segmentation.cli.report import pictures, report, site, slides
from customer_segmentation.errors import InputError, NotPossibleError, UsageError
from customer_segmentation.publication.database import open_published

EXAMPLES = """\b
examples:
  segmentation show                                   every segmentation with its personas
  segmentation predict shop annual_income=87 visits=12
                                                      the segment of one customer, and why
  segmentation predict shop                           the same, prompting for each figure
  segmentation predict shop --file customers.csv --output scored.csv
                                                      the segment of every customer of a file
  segmentation export --segmentation shop_segments --folder audiences
                                                      one file of customers per campaign
  segmentation export --rfm shop --folder rfm_audiences
                                                      the same for the campaigns of the RFM groups
  segmentation export --tables segments personas --excel --folder tables
                                                      tables for a spreadsheet
  segmentation init shop data/customers.csv           add a dataset of your own
  segmentation init shop --purchases data/orders.csv --only
                                                      the same from orders, without the examples
  segmentation remove shop                            remove it with everything that belongs to it
  segmentation forget M102                            remove a customer from all that is kept, for good
  segmentation bi-files starter                       a start for Power BI, Tableau and Superset
  segmentation mcp                                    let an AI assistant ask, started by the assistant itself
  segmentation models                                 the models in use, those before, and new fits that wait
  segmentation build --changed                        build what a change of seeds, models or data makes out of date

`segmentation COMMAND --help` explains each command. Exit codes: 0 success, 1 failure (the message says how to fix it),
2 invalid command."""


@click.group(epilog=EXAMPLES, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="warehouse-segmentation", prog_name="segmentation", message="%(prog)s %(version)s")
@options.published
def commands(published: Path) -> None:
    """Show published segmentations, score customers, export audiences, write reports, add your own datasets.

    Commands that read a publication never change it.
    """


@commands.command()
@click.argument("segmentation", required=False)
@options.published
def show(segmentation: str | None, published: Path) -> None:
    """Print segments and personas; with SEGMENTATION, one in detail."""
    from customer_segmentation.cli.show import details, summary

    with open_published(published) as database:
        click.echo(details(database, segmentation) if segmentation else summary(database))


for command in (build, predict, export, init, remove, models, forget, report, pictures, slides, site, mcp, bi_files):
    commands.add_command(command)


def main(arguments: list[str] | None = None) -> int:
    """Run the command and say in words what came of it.

    Parameters
    ----------
    arguments : list of str, optional
        Arguments instead of those of the command line.

    Returns
    -------
    int
        Exit code: 0, 1 if something was not possible, 2 if the command was not understood.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # in a notebook it is something else
            stream.reconfigure(errors="replace")  # a name that the terminal cannot write must not stop the command
    try:
        return commands.main(arguments, prog_name="segmentation", standalone_mode=False) or 0
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except UsageError as error:
        return _complain(error, 2)
    except (NotPossibleError, InputError) as error:
        return _complain(error, 1)
    except SystemExit:
        return 0  # click ends so where the reader has seen enough, as `head` has
    except MemoryError:
        return _complain("Not enough memory. Close other programs, or raise the limit (`ulimit -v`).", 1)
    except OSError as error:
        if error.filename is not None:
            return _complain(f"{error.filename} cannot be used: {error.strerror}. Check its permissions.", 1)
        # what is still to be written goes nowhere, or Python tries again as it ends
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _complain(f"The output cannot be written: {error.strerror}. Write it elsewhere.", 1)
    except click.Abort:
        return _complain("Stopped. Every written file is complete.", 1)


def _complain(error, code: int) -> int:
    click.echo(error, err=True)
    return code


if __name__ == "__main__":
    sys.exit(main())
