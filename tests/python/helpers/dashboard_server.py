"""A dashboard that runs for a test, and a reader who looks at it."""

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

DASHBOARD = Path(__file__).resolve().parents[3] / "dashboard"
SECONDS = 60  # to wait for anything, on a busy machine
# Streamlit looks for itself beside the address of the page first, and finds itself above it.
OWN_LOOKUPS = ("/_stcore/health", "/_stcore/host-config")


def free_port() -> int:
    """Return a port that nobody uses."""
    with socket.socket() as test:
        test.bind(("localhost", 0))
        return test.getsockname()[1]


def start(*arguments, published: Path | str) -> subprocess.Popen:
    """Start the dashboard as a user would."""
    return subprocess.Popen(
        [sys.executable, str(DASHBOARD / "start.py"), *map(str, arguments)],
        env=os.environ | {"SEGMENTATION_PUBLISHED": str(published)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@contextlib.contextmanager
def served(published: Path) -> Iterator[str]:
    """Serve a publication; give the address."""
    port = free_port()
    process = start(port, published=published)
    address = f"http://localhost:{port}"
    try:
        wait_until_served(address, process)
        yield address
    finally:
        process.terminate()
        process.communicate()


def wait_until_served(address: str, process: subprocess.Popen) -> None:
    """Wait until the dashboard answers."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(urllib.error.URLError, ConnectionError):
            urllib.request.urlopen(f"{address}/_stcore/health")
            return
        time.sleep(0.1)
    process.terminate()
    pytest.fail(f"The dashboard did not start: {process.communicate()[0]}")


class Reader:
    """A reader with a window: remembers what the console said and whom the page asked for something."""

    def __init__(self, browser, width: int = 1280, color_scheme: str = "light") -> None:
        self._context = browser.new_context(
            viewport={"width": width, "height": 900}, accept_downloads=True, color_scheme=color_scheme
        )
        self.page = self._context.new_page()
        self.page.set_default_timeout(SECONDS * 1000)
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("websocket", lambda socket: self.requests.append(socket.url))

    def _heard(self, message) -> None:
        if message.type == "error" and not message.location["url"].endswith(OWN_LOOKUPS):
            self.complaints.append(f"{message.text} {message.location['url']}")

    def open(self, address: str) -> None:
        """Open an address and wait until the page is there and stands still."""
        self.page.goto(address)
        self.settle()

    def settle(self) -> None:
        """Wait until the page has a title and the script that makes it has come to its end."""
        self.page.locator("h1").first.wait_for()
        self.page.wait_for_function(
            """() => {
                const app = document.querySelector('[data-testid="stApp"]');
                return app && app.dataset.testScriptState === "notRunning"
                    && !document.querySelector('[data-stale="true"]');
            }"""
        )

    def other_hosts(self, address: str) -> list[str]:
        """Return what was asked of another host than that of the dashboard."""
        own = (address, address.replace("http", "ws", 1), "data:", "blob:")
        return [url for url in self.requests if not url.startswith(own)]

    def sideways(self) -> int:
        """Return by how many pixels the page is wider than the window."""
        return self.page.evaluate(
            """() => Math.max(...[document.documentElement, document.querySelector('[data-testid="stMain"]')]
                .map((part) => part.scrollWidth - part.clientWidth))"""
        )

    def close(self) -> None:
        """Close the window."""
        self._context.close()
