"""Say how far a long step is, so that nobody wonders whether it still runs."""

import sys
import time

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
            note(f"{self._what}: {done} of {total}")


def note(text: str) -> None:
    """Print a line among those of dbt.

    Parameters
    ----------
    text : str
        What a reader of the log should know.
    """
    sys.stderr.write(f"          {text}\n")
    sys.stderr.flush()
