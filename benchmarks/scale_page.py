"""Put the tables and the picture of the scale benchmark into docs/performance.md: `python benchmarks/scale_page.py`."""

import json
import re
import shutil
import sys

from benchmark_scale import FOLDER
from measured import ROOT
from scale_tables import tables

PAGE = ROOT / "docs/performance.md"
PICTURE = ROOT / "docs/pictures/scale.png"


def with_tables(page: str, measured: dict[str, str]) -> str:
    """Return a page with tables in their places.

    Parameters
    ----------
    page : str
        Markdown with a place `<!-- name -->` to `<!-- end -->` for every table.
    measured : dict
        Tables by name.

    Returns
    -------
    str

    Raises
    ------
    ValueError
        If the page lacks a place.
    """
    for name, table in measured.items():
        place = re.compile(rf"(?<=<!-- {name} -->\n).*?(?=<!-- end -->)", re.DOTALL)
        found = place.search(page)
        if not found:
            raise ValueError(f"{PAGE.name} has no place <!-- {name} -->")
        page = f"{page[: found.start()]}{table}\n{page[found.end() :]}"
    return page


if __name__ == "__main__":
    results = FOLDER / "results.json"
    if not results.is_file():
        sys.exit(f"{results} does not exist. Run `make benchmark-scale` first.")
    PAGE.write_text(with_tables(PAGE.read_text(), tables(json.loads(results.read_text()))))
    shutil.copy(FOLDER / "scale.png", PICTURE)
