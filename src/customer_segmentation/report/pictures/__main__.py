"""Draw all pictures of a publication.

Usage: `python -m customer_segmentation.report.pictures [published/marts.duckdb] [folder]`.
"""

import sys

from customer_segmentation.report.command import run
from customer_segmentation.report.pictures.drawing import draw_all


def main(arguments: list[str] | None = None) -> int:
    """Draw the pictures into a folder beside the published database named on the command line, or into another."""
    return run("Draw all pictures of a publication.", draw_all, arguments, subfolder="pictures")


if __name__ == "__main__":
    sys.exit(main())
