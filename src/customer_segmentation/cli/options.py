"""Options that several commands have."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from customer_segmentation.publication.database import PUBLISHED, published_path


def chosen_publication(context: click.Context, _: click.Parameter, value: Path | None) -> Path:
    """Return the published database: as named behind the command, before it, in the environment, or the default."""
    if value is not None:
        return value
    if context.parent is not None and "published" in context.parent.params:
        return context.parent.params["published"]
    return published_path()


published = click.option(
    "--published",
    metavar="FILE",
    type=click.Path(path_type=Path),
    callback=chosen_publication,
    help=f"Published database; default: SEGMENTATION_PUBLISHED, or {PUBLISHED}.",
)
raw = click.option(
    "--raw", is_flag=True, help="Write texts unchanged, even if a spreadsheet would run them as formulas."
)


def project_changes(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of commands that change files of the project."""
    command = click.option("--yes", is_flag=True, help="Write without asking.")(command)
    return click.option("--dry-run", is_flag=True, help="Show the changes without writing them.")(command)
