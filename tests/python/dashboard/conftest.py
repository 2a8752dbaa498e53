"""What the pages of the dashboard need of the process that runs the tests."""

import functools

import pytest
from streamlit.components.v2 import manifest_scanner

from helpers import lean_altair

lean_altair.make_lean()


@pytest.fixture(scope="session", autouse=True)
def components_are_looked_for_once():
    """Let Streamlit read the metadata of all installed packages once: it reads them for every page, longer than most pages take."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            manifest_scanner, "scan_component_manifests", functools.cache(manifest_scanner.scan_component_manifests)
        )
        yield
