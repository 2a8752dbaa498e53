"""The command `segmentation`: score customers, look at the segments, take audiences away."""

import argparse
import json
import os
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from customer_segmentation.errors import NotPossibleError, UsageError
from customer_segmentation.formatting import capitalised, counted
from customer_segmentation.publication.database import PUBLISHED, open_published, published_path

RAW = "write texts as they are, even where a spreadsheet would run them as formulas"
MOST_REASONS = 10  # of one segmentation that are printed
DESCRIPTION = """\
Use the published segmentations: look at them, score new customers, take audiences away. Take up datasets of your own.

What is published is read from the published database, and nothing is changed there."""

EXAMPLES = """\
examples:
  segmentation show                                   every segmentation with its personas
  segmentation predict shop annual_income=87 visits=12
                                                      the segment of one customer, and why
  segmentation predict shop                           the same, asking for each figure
  segmentation predict shop --file customers.csv --output scored.csv
                                                      the segment of every customer of a file
  segmentation export --segmentation shop_segments --folder audiences
                                                      one file of customers per campaign
  segmentation export --tables segments personas --excel --folder tables
                                                      tables for a spreadsheet
  segmentation init shop data/customers.csv           take up a dataset of your own
  segmentation init shop --purchases data/orders.csv --only
                                                      the same from orders, without the examples
  segmentation remove shop                            remove it with all that belongs to it

`segmentation COMMAND --help` explains each command. It ends with 0 if all went well, 1 if something was not possible
(the message says what, and the way out), 2 if the command was not understood."""

PREDICT = """\
Say which segment a customer belongs to, how sure that is, why, and what to offer.

Figures are given as name=value, with the names of the features or of the columns that the inputs accept
(age=33, income=87.5). Without figures, on a terminal, the command asks for each of them.

A file may be .csv, .tsv, .txt (also .gz), .parquet or .xlsx, or several files by a pattern in quotes. Its columns are
found by name, in any order, and other columns are kept. Decimal commas, signs such as $ and units in names of
columns are understood where a column leaves no doubt.
Every row comes back: with its segment, or with the reason in the column `problem`. In a CSV, a text that a spreadsheet
would run as a formula gets an apostrophe in front; --raw writes cells as they came. Only you can read the file."""

EXPORT = """\
Write the customers of each campaign of a segmentation to a file of its own, named by the id of the campaign, and
`audiences`, which accounts for all of them; or, with --tables, the published tables.

Files that exist are left alone unless --force is given. In a CSV, a text that a spreadsheet would run as a formula gets
an apostrophe in front; --raw writes cells as they are in the tables. Only you can read the files."""

INIT = """\
Take up a dataset. The command looks at SOURCE, proposes what each column is, and says of every column that it leaves
out why. It shows all changes first, and asks on a terminal. It overwrites nothing, and writes all files or none.

SOURCE is a file (.csv, .tsv, .txt, also .gz, .parquet, .xlsx, book.xlsx#Sheet), a pattern in quotes, a table of the
warehouse (schema.table), or what dbt knows: "source('crm', 'customers')" or "ref('dim_customers')". Run the command in
the root of the project."""

REMOVE = """\
Remove datasets: their models, suites, raw data, rows of the seeds and places in dbt_project.yml. The command shows all
changes first, and asks on a terminal. Files that were edited by hand stop it unless --force is given."""


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
        stream.reconfigure(errors="replace")  # a name that the terminal cannot write is no reason to stop
    try:
        return _run(arguments)
    except UsageError as error:
        return _complain(error, 2)
    except NotPossibleError as error:
        return _complain(error, 1)
    except BrokenPipeError:
        _drop_output()  # who reads it has seen enough, as `head` does
        return 0
    except MemoryError:
        return _complain("There is not enough memory. Close other programs, or raise its limit (`ulimit -v`).", 1)
    except OSError as error:
        if error.filename is not None:
            return _complain(f"{error.filename} cannot be used: {error.strerror}. Check its permissions.", 1)
        _drop_output()
        return _complain(f"The answer cannot be written: {error.strerror}. Send it to another place.", 1)
    except (KeyboardInterrupt, EOFError):
        return _complain("\nStopped. Every file that was written is whole.", 1)


def _run(arguments) -> int:
    parser = _parser()
    try:
        options, others = parser.parse_known_args(arguments)
        # argparse does not find the figures that stand behind an option
        is_figure = "figures" in options
        figures = [other for other in others if is_figure and "=" in other and not other.startswith("-")]
        if len(figures) < len(others):
            parser.error(f"unrecognized arguments: {' '.join(other for other in others if other not in figures)}")
        if figures:
            options.figures += figures
        return options.run(options)
    finally:
        # what Python would write as it ends, when nobody can say any more that it cannot be written
        sys.stdout.flush()


def _parser() -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False)
    _add_published(common, argparse.SUPPRESS)
    parser = argparse.ArgumentParser(
        prog="segmentation",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_published(parser, published_path())
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    def add(name, run: Callable, summary, description) -> argparse.ArgumentParser:
        command = commands.add_parser(
            name,
            help=summary,
            description=description,
            parents=[common],
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        command.set_defaults(run=run)
        return command

    predict = add("predict", _predict, "say which segment a customer, or each customer of a file, belongs to", PREDICT)
    predict.add_argument("dataset", nargs="?", help="whose segments: the name of a dataset")
    predict.add_argument("figures", nargs="*", metavar="name=value", help="what is known about the customer")
    predict.add_argument(
        "--segmentation",
        metavar="NAME",
        help="one segmentation, or `all`; unless named, one customer gets all, a file the one to use",
    )
    predict.add_argument("--json", action="store_true", help="answer for programs, with every column of the prediction")
    predict.add_argument("--file", metavar="FILE", help="score every customer of a file, or of files by a pattern")
    predict.add_argument("--output", metavar="FILE", type=Path, help="the .csv or .parquet file to write")
    predict.add_argument("--force", action="store_true", help="replace the output if it exists")
    predict.add_argument("--raw", action="store_true", help=RAW)

    show = add("show", _show, "print the segments and their personas", "Print the segments and their personas.")
    show.add_argument("segmentation", nargs="?", help="one segmentation in more detail; every one if none is named")

    export = add("export", _export, "write one file of customers per campaign, or tables for a spreadsheet", EXPORT)
    export.add_argument("--segmentation", metavar="NAME", help="the segmentation whose audiences are wanted")
    export.add_argument(
        "--tables", nargs="*", metavar="TABLE", help="write published tables instead: those named, or every one"
    )
    export.add_argument("--folder", type=Path, required=True, help="where to write; made if it does not exist")
    export.add_argument("--format", choices=["csv", "parquet"], default="csv", help="csv unless named")
    export.add_argument("--excel", action="store_true", help="begin CSV files with the mark that Excel needs for UTF-8")
    export.add_argument("--force", action="store_true", help="replace files that exist")
    export.add_argument("--raw", action="store_true", help=RAW)
    export.add_argument(
        "--synthetic",
        action="store_true",
        help="write audiences even where the customers of the segmentation are made up",
    )

    init = add("init", _init, "take up a dataset: models, seed rows and suites from a file, table or source", INIT)
    init.add_argument(
        "name", metavar="NAME", help="name of the new dataset: lower-case letters, digits and underscores"
    )
    init.add_argument("source", metavar="SOURCE", nargs="?", help="where its customers are, one per row")
    init.add_argument("--purchases", metavar="SOURCE", help="where its orders or order lines are")
    init.add_argument("--only", action="store_true", help="remove all other datasets")
    remove = add("remove", _remove, "remove datasets with all that belongs to them", REMOVE)
    remove.add_argument("names", metavar="NAME", nargs="+", help="dataset to remove")
    remove.add_argument("--force", action="store_true", help="remove files that were edited by hand, too")
    for command in (init, remove):
        command.add_argument("--dry-run", action="store_true", help="show what would change, and change nothing")
        command.add_argument("--yes", action="store_true", help="write without asking")
    return parser


def _add_published(parser, default) -> None:
    parser.add_argument(
        "--published",
        metavar="FILE",
        type=Path,
        default=default,
        help=f"published database (SEGMENTATION_PUBLISHED, or {PUBLISHED})",
    )


def _predict(options) -> int:
    # each command imports what it needs: one customer is scored before pandas would be there
    from customer_segmentation.scoring.predict import datasets

    if options.file is None and (options.output or options.force):
        raise UsageError("--output and --force belong to --file: name the file of customers to score.")
    if options.file is None and options.raw:
        raise UsageError("--raw belongs to --file: name the file of customers to score.")
    with open_published(options.published) as database:
        if options.dataset is None or "=" in options.dataset:
            raise UsageError(
                f"Name the dataset first: {', '.join(datasets(database))}. For example: segmentation predict "
                f"{next(iter(datasets(database)))} --help"
            )
        return (_predict_file if options.file is not None else _predict_customer)(options, database)


def _predict_customer(options, database) -> int:
    from customer_segmentation.scoring.explanation import prediction_lines
    from customer_segmentation.scoring.predict import datasets, features, predictions

    segmentation = None if options.segmentation == "all" else options.segmentation
    wanted = features(database, options.dataset, [segmentation] if segmentation else None)
    values = _values(options.figures) if options.figures else _asked(options.dataset, wanted)
    found = predictions(database, options.dataset, values, segmentation)
    is_synthetic = datasets(database)[options.dataset]
    is_scored = any(row["problem"] is None for row in found)
    if options.json:
        answer = {"dataset": options.dataset, "is_synthetic": is_synthetic, "given": values, "predictions": found}
        _say(json.dumps(answer, indent=2, default=str))
        return 0 if is_scored else 1
    problems = {row["problem"] for row in found}
    if not is_scored and len(problems) == 1:
        raise NotPossibleError(f"{capitalised(problems.pop())}.")
    for row in found:
        _say(f"\n{row['segmentation']}{' (the one to use)' if row['is_default'] else ''}")
        for word, text in prediction_lines(row, is_synthetic=is_synthetic):
            _say(f"  {word + ':':<14}{text}")
    return 0 if is_scored else 1


def _values(figures) -> dict[str, str]:
    values: dict[str, str] = {}
    for figure in figures:
        name, equals, value = figure.partition("=")
        if not equals:
            raise UsageError(f"Found '{figure}', expected name=value, for example age=33.")
        if name in values:
            raise NotPossibleError(f"'{name}' is given twice. Leave one of them out.")
        values[name] = value
    return values


def _asked(dataset, wanted) -> dict[str, str]:
    """Ask for each feature on the terminal."""
    from customer_segmentation.scoring.explanation import question

    if not sys.stdin.isatty():
        example = " ".join(f"{row['feature']}={row['typical_value']:g}" for row in wanted)
        raise UsageError(f"Nothing is known about the customer. For example: segmentation predict {dataset} {example}")
    # the questions are no part of the answer, which may go to a program
    sys.stderr.write("The figures of the customer; Enter leaves one out.\n")
    values = {}
    for row in wanted:
        sys.stderr.write(f"  {question(row)}: ")
        sys.stderr.flush()
        values[row["feature"]] = input()
    return values


def _predict_file(options, database) -> int:
    from customer_segmentation.scoring.predict import segmentations
    from customer_segmentation.scoring.score_file import score_file

    if options.output is None:
        raise UsageError("Name the file to write with --output, for example --output scored.csv.")
    if options.figures:
        raise UsageError("Give either a file or the figures of one customer.")
    chosen = [options.segmentation] if options.segmentation else None
    if options.segmentation == "all":
        chosen = segmentations(database, options.dataset)
    told: list[str] = []
    how = {"chosen": chosen, "force": options.force, "raw": options.raw, "tell": told.append}
    scored = score_file(database, options.dataset, options.file, options.output, **how)
    if options.json:
        answer = {"output": str(scored.output), "accounts": [asdict(one) for one in scored.accounts], "notes": told}
        _say(json.dumps(answer, indent=2))
        return 0
    found = ", ".join(f"{feature} from '{name}'" for feature, name in scored.columns.items())
    _say(f"Read {found}.")
    for feature, notes in scored.notes.items():
        _say(f"Of {scored.columns[feature]}: {'; '.join(notes)}.")
    for account in scored.accounts:
        _say(
            f"{account.segmentation}: {account.read:,} rows read = {account.scored:,} scored + "
            f"{account.read - account.scored:,} not scored{':' if account.reasons else ''}"
        )
        for reason, number in list(account.reasons.items())[:MOST_REASONS]:
            _say(f"  {number:>9,}  {reason}")
        others = list(account.reasons.values())[MOST_REASONS:]
        if others:
            _say(f"  {sum(others):>9,}  for {counted(len(others), 'other reason')}, in the column `problem`")
    if scored.renamed:
        renamed = ", ".join(f"{name} is {new}" for name, new in scored.renamed.items())
        _say(f"The file has columns of these names already, so among the results {renamed}.")
    for text in told:
        _say(text)
    _say(f"Written to {scored.output}.")
    return 0


def _show(options) -> int:
    from customer_segmentation.cli.show import details, summary

    with open_published(options.published) as database:
        _say(details(database, options.segmentation) if options.segmentation else summary(database))
    return 0


def _export(options) -> int:
    from customer_segmentation.cli.audiences import export_tables

    if (options.segmentation is None) == (options.tables is None):
        raise UsageError("Name either a segmentation with --segmentation, for its audiences, or tables with --tables.")
    if options.excel and options.format != "csv":
        raise UsageError("--excel belongs to --format csv; other formats need no mark.")
    how = {"suffix": f".{options.format}", "for_excel": options.excel, "force": options.force}
    how |= {"raw": options.raw, "tell": _say}
    with open_published(options.published) as database:
        if options.tables is None:
            return _export_audiences(options, database, how)
        for path, count in export_tables(database, options.tables, options.folder, **how).items():
            _say(f"{count:>9,} rows  {path}")
    return 0


def _export_audiences(options, database, how) -> int:
    from customer_segmentation.cli.audiences import export_audiences, left_over

    audiences = export_audiences(database, options.segmentation, options.folder, synthetic=options.synthetic, **how)
    reached = [audience for audience in audiences if audience.file]
    for audience in reached:
        what = f"{audience.campaign} ({audience.channel.replace('_', ' ')}) for {audience.personas}"
        _say(f"{audience.customers:>9,}  {audience.file}: {what}")
    for audience in audiences:
        if audience.file is None:
            _say(f"{audience.customers:>9,}  without a campaign: {audience.personas}")
    everybody = sum(audience.customers for audience in audiences)
    with_campaign = sum(audience.customers for audience in reached)
    _say(
        f"{everybody:,} customers of {options.segmentation} = {with_campaign:,} in "
        f"{counted(len(reached), 'audience')} + {everybody - with_campaign:,} without a campaign. "
        f"Written to {options.folder}."
    )
    others = left_over(options.folder, how["suffix"], audiences)
    if others:
        _say(f"Beware, not of this export: {', '.join(others)}.")
    return 0


def _init(options) -> int:
    from customer_segmentation.datasets.command import run_init

    return run_init(options)


def _remove(options) -> int:
    from customer_segmentation.datasets.command import run_remove

    return run_remove(options)


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")


def _drop_output() -> None:
    """Let what is still to be written go nowhere, or Python tries again as it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _complain(error, code: int) -> int:
    sys.stderr.write(f"{error}\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
