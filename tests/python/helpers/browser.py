"""A real browser for the tests that look at pages as a reader does."""

import contextlib
import shutil
from collections.abc import Iterator

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome")
GRAVE = ("critical", "serious")  # hurdles, as axe-core ranks them
OPTIONS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


@contextlib.contextmanager
def chromium() -> Iterator:
    """Open a browser; without one the test fails, because nothing else looks at the pages as a reader does."""
    from playwright.sync_api import sync_playwright

    executable = next(filter(None, map(shutil.which, NAMES)), None)
    if executable is None:
        pytest.fail("There is no browser to look at the pages. Install the package chromium, then test again.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=OPTIONS)
        yield browser
        browser.close()


def hurdles(page, impacts: tuple[str, ...] = (*GRAVE, "moderate", "minor")) -> list[str]:
    """Return what keeps people from reading or using a page, as axe-core finds it: contrast, names, order of headings."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']} ({one['impact']}): {node['html'][:200]}"
        for one in found
        if one["impact"] in impacts
        for node in one["nodes"]
    ]
