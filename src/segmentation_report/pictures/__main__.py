"""Draw all pictures of a publication: `python -m segmentation_report.pictures [published/marts.duckdb] [folder]`."""

import sys

from segmentation_report.command import run
from segmentation_report.pictures.drawing import draw_all


def main(arguments: list[str] | None = None) -> int:
    """Draw the pictures into a folder beside the published database named on the command line, or into another."""
    return run("Draw all pictures of a publication.", draw_all, arguments, subfolder="pictures")


if __name__ == "__main__":
    sys.exit(main())
