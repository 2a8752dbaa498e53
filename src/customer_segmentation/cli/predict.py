"""The command `segmentation predict`."""

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click

from customer_segmentation.cli import options
from customer_segmentation.errors import NotPossibleError, UsageError
from customer_segmentation.formatting import capitalised
from customer_segmentation.publication.database import open_published, segmentation_names


@click.command(short_help="Score one customer, or every customer of a file.")
@click.argument("dataset", required=False)
@click.argument("figures", nargs=-1, metavar="[NAME=VALUE]...")
@click.option(
    "--segmentation",
    metavar="NAME",
    help="One segmentation, or `all`. Default: all for one customer, the default one for a file.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON with every column of the prediction.")
@click.option("--file", metavar="FILE", help="Score every customer of a file, or of a glob of files.")
@click.option("--output", metavar="FILE", type=click.Path(path_type=Path), help="The .csv or .parquet file to write.")
@click.option("--force", is_flag=True, help="Replace an existing output.")
@options.raw
@options.published
def predict(dataset, figures, segmentation, as_json, file, output, force, raw, published) -> None:
    """Score customers: segment, certainty, reasons and offer.

    Give figures as name=value, with feature names or any column name the inputs accept (age=33, income=87.5). Without
    figures, the command prompts for each one.

    A file can be .csv, .tsv, .txt (also .gz), .parquet or .xlsx, or a quoted glob. Columns are matched by name, in any
    order; other columns are kept. Decimal commas, signs such as $ and units in column names are read if the column is
    unambiguous. Every row comes back, with its segment or with the reason in the column `problem`. In a CSV, a text
    that a spreadsheet would run as a formula gets a leading apostrophe; --raw writes cells unchanged. Only you can
    read the file.
    """
    from customer_segmentation.scoring.predict import datasets

    if file is None and (output or force):
        raise UsageError("--output and --force belong to --file: name the file of customers to score.")
    if file is None and raw:
        raise UsageError("--raw belongs to --file: name the file of customers to score.")
    with open_published(published) as database:
        if dataset is None or "=" in dataset:
            raise UsageError(
                f"Name the dataset first: {', '.join(datasets(database))}. For example: segmentation predict "
                f"{next(iter(datasets(database)))} --help"
            )
        if file is None:
            predict_customer(database, dataset, figures, segmentation, as_json)
            return
        if output is None:
            raise UsageError("Name the file to write with --output, for example --output scored.csv.")
        if figures:
            raise UsageError("Give either a file or the figures of one customer.")
        predict_file(database, dataset, file, output, segmentation, as_json, force=force, raw=raw)


def predict_customer(database, dataset, figures, segmentation, as_json) -> None:
    """Print the segment of one customer in each segmentation, or in one."""
    from customer_segmentation.scoring.explanation import prediction_lines
    from customer_segmentation.scoring.predict import datasets, features, predictions

    segmentation = None if segmentation == "all" else segmentation
    wanted = features(database, dataset, [segmentation] if segmentation else None)
    values = _values(figures) if figures else _asked(dataset, wanted)
    found = predictions(database, dataset, values, segmentation)
    is_synthetic = datasets(database)[dataset]
    is_scored = any(row["problem"] is None for row in found)
    problems = {row["problem"] for row in found}
    if as_json:
        answer = {"dataset": dataset, "is_synthetic": is_synthetic, "given": values, "predictions": found}
        click.echo(json.dumps(answer, indent=2, default=str))
    elif not is_scored and len(problems) == 1:
        raise NotPossibleError(f"{capitalised(problems.pop())}.")
    else:
        names = segmentation_names(database)
        for row in found:
            is_default = ", default" if row["is_default"] else ""
            click.echo(f"\n{names[row['segmentation']]} ({row['segmentation']}{is_default})")
            for word, text in prediction_lines(row, is_synthetic=is_synthetic):
                click.echo(f"  {word + ':':<14}{text}")
    if not is_scored:
        raise click.exceptions.Exit(1)


def _values(figures) -> dict[str, str]:
    values: dict[str, str] = {}
    for figure in figures:
        name, equals, value = figure.partition("=")
        if not equals:
            raise UsageError(f"Found '{figure}', expected name=value, for example age=33.")
        if name in values:
            raise NotPossibleError(f"'{name}' is given twice. Remove one.")
        values[name] = value
    return values


def _asked(dataset, wanted) -> dict[str, str]:
    """Ask for each feature on the terminal."""
    from customer_segmentation.scoring.explanation import question

    if not sys.stdin.isatty():
        example = " ".join(f"{row['feature']}={row['typical_value']:g}" for row in wanted)
        raise UsageError(f"Give figures of the customer. For example: segmentation predict {dataset} {example}")
    # the questions are no part of the answer, which may go to a program
    click.echo("Figures of the customer; press Enter to skip one.", err=True)
    return {
        row["feature"]: click.prompt(f"  {question(row)}", default="", show_default=False, err=True) for row in wanted
    }


def predict_file(database, dataset, file, output, segmentation, as_json, *, force, raw) -> None:
    """Score every customer of a file and print an account of its rows."""
    from customer_segmentation.scoring.predict import segmentations
    from customer_segmentation.scoring.score_file import account_lines, score_file

    chosen = [segmentation] if segmentation else None
    if segmentation == "all":
        chosen = segmentations(database, dataset)
    notes: list[str] = []
    scored = score_file(database, dataset, file, output, chosen=chosen, force=force, raw=raw, notify=notes.append)
    if as_json:
        answer = {"output": str(scored.output), "accounts": [asdict(one) for one in scored.accounts], "notes": notes}
        click.echo(json.dumps(answer, indent=2))
        return
    names = {key: f"{name} ({key})" for key, name in segmentation_names(database).items()}
    for line in [*account_lines(scored, names), *notes]:
        click.echo(line)
    click.echo(f"Written to {scored.output}.")
