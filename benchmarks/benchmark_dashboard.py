"""Measure the dashboard in Chromium: from opening a page to its first chart, and from page to page.

Prints a table; `python benchmarks/benchmark_dashboard.py published/marts.duckdb [segmentation]` measures that published
database, where PYTHONPATH=tests/python:dashboard is set as in `make benchmark`. The dashboard is started again for the
first opening, as a reader meets it after a start.
"""

import statistics
import sys
import time
from pathlib import Path

from registry import PAGES, Page

from helpers.browser import chromium
from helpers.dashboard_server import Reader, served

ROOT = Path(__file__).resolve().parents[1]

REPETITIONS = 5
# A page without a chart is there when its title is, and nothing on it is waiting to be replaced.
SHOWN = "document.querySelector('.js-plotly-plot .main-svg, [data-testid=\"stVegaLiteChart\"] svg.marks')"


def seconds_to_open(browser, address: str, page: str, segmentation: str) -> float:
    """Open a page in a new window; return the seconds until its first chart, or its end if it has none."""
    reader = Reader(browser)
    start = time.perf_counter()
    reader.page.goto(f"{address}/{page}{segmentation}")
    reader.page.locator("h1").first.wait_for()
    reader.page.wait_for_function(
        f"{SHOWN} || document.querySelector('[data-testid=\"stApp\"]').dataset.testScriptState === 'notRunning'"
    )
    seconds = time.perf_counter() - start
    reader.close()
    return seconds


def seconds_to_change(reader: Reader, page) -> float:
    """Go to a page by the navigation; return the seconds until it stands still."""
    start = time.perf_counter()
    reader.page.get_by_test_id("stSidebarNav").get_by_role("link", name=page.title).click()
    reader.page.locator("h1", has_text=page.title).wait_for()
    reader.settle()
    return time.perf_counter() - start


def report(label: str, runs: list[float]) -> None:
    """Print a row of the table."""
    print(f"{label:<44}{statistics.median(runs):>10.2f}{min(runs):>8.2f}{max(runs):>8.2f}", flush=True)


def main(published: Path, segmentation: str | None) -> None:
    """Measure a published database."""
    query = f"?segmentation={segmentation}" if segmentation else ""
    print(f"{published}, {segmentation or 'the default segmentation'}")
    print(f"{'':<44}{'median s':>10}{'min s':>8}{'max s':>8}")
    with chromium() as browser:
        first = []
        for _ in range(REPETITIONS):
            with served(published) as address:
                first.append(seconds_to_open(browser, address, PAGES[0].name, query))
        report("first chart after the start", first)
        with served(published) as address:
            for page in PAGES:
                runs = [seconds_to_open(browser, address, page.name, query) for _ in range(REPETITIONS)]
                report(f"open {page.title}", runs)
            reader = Reader(browser)
            reader.open(f"{address}/{query}")
            changes: dict[Page, list[float]] = {page: [] for page in PAGES}
            for _ in range(REPETITIONS):
                for page in [*PAGES[1:], PAGES[0]]:
                    changes[page].append(seconds_to_change(reader, page))
            for page, runs in changes.items():
                report(f"change to {page.title}", runs)
            reader.close()


if __name__ == "__main__":
    database = Path(sys.argv[1] if len(sys.argv) > 1 else "published/marts.duckdb")
    if not database.is_file():
        sys.exit(f"{database} does not exist. Run `make build` first, or name a published database.")
    main(database, sys.argv[2] if len(sys.argv) > 2 else None)
