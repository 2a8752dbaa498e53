"""What the client of Spark needs of the process that runs the tests."""

import sys

import pytest


@pytest.fixture(scope="session", autouse=True)
def has_a_main_module():
    """Workers of pytest-xdist have no main module with a file, which the client of Spark takes for a run of its own doctests."""
    main = sys.modules["__main__"]
    with pytest.MonkeyPatch.context() as patch:
        if not hasattr(main, "__file__"):
            patch.setattr(main, "__file__", __file__, raising=False)
        yield
