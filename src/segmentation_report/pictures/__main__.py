"""Draw all pictures of a publication: `python -m segmentation_report.pictures [published/marts.duckdb] [folder]`."""

import argparse
import sys
from pathlib import Path

from segmentation_report.marts import PUBLISHED, Marts, NothingPublishedError
from segmentation_report.pictures.drawing import draw_all
from segmentation_report.pictures.files import FolderError

FOLDER = Path("published/pictures")


def main(arguments: list[str] | None = None) -> int:
    """Draw the pictures of the publication named on the command line.

    Parameters
    ----------
    arguments : list of str, optional
        Arguments of the command; those of the process if not given.

    Returns
    -------
    int
        0, or 1 if there is nothing to draw or no folder to write into.
    """
    parser = argparse.ArgumentParser(prog="python -m segmentation_report.pictures", description=__doc__)
    parser.add_argument("published", nargs="?", default=PUBLISHED, type=Path, help="the published database")
    parser.add_argument("folder", nargs="?", default=FOLDER, type=Path, help="where to write the pictures")
    options = parser.parse_args(arguments)
    try:
        marts = Marts(options.published)
        try:
            drawn, not_drawn = draw_all(marts, options.folder)
        finally:
            marts.close()
    except (NothingPublishedError, FolderError) as error:
        sys.stdout.write(f"{error}\n")
        return 1
    why = f"; {not_drawn} could not be drawn, and the index says why" if not_drawn else ""
    sys.stdout.write(f"{drawn} pictures in {options.folder}{why}. Look at {options.folder / 'index.md'} first.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
