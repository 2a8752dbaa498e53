"""Say how far a long step is, so that nobody wonders whether it still runs."""

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

SECONDS_BETWEEN_MESSAGES = 5


class Progress:
    """Print a line every few seconds; a step that takes less prints nothing.

    Parameters
    ----------
    what : str
        What the step does, in words.
    """

    def __init__(self, what: str) -> None:
        self._what = what
        self._last = time.monotonic()

    def __call__(self, done: int, total: int) -> None:
        """Report how much is done.

        Parameters
        ----------
        done, total : int
            Units of work.
        """
        now = time.monotonic()
        if now - self._last >= SECONDS_BETWEEN_MESSAGES and done < total:
            self._last = now
            sys.stderr.write(f"          {self._what}: {done} of {total}\n")
            sys.stderr.flush()


@contextmanager
def still_running(what: str) -> Iterator[Callable[[str], None]]:
    """Print a line every few seconds while a step whose end is not known goes on.

    Parameters
    ----------
    what : str
        What the step does, in words.

    Yields
    ------
    callable
        To be told what the step does next, in words.
    """
    doing = ""
    start = time.monotonic()
    ended = threading.Event()

    def now(next_doing: str) -> None:
        nonlocal doing
        doing = next_doing

    def tell() -> None:
        while not ended.wait(SECONDS_BETWEEN_MESSAGES):
            sys.stderr.write(f"          {what}: {doing}, after {time.monotonic() - start:.0f} seconds\n")
            sys.stderr.flush()

    teller = threading.Thread(target=tell, daemon=True)
    teller.start()
    try:
        yield now
    finally:
        ended.set()
        teller.join()
