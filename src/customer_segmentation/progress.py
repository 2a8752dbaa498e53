"""Say how far a long step is, to show that it still runs."""

import sys


class Progress:
    """Keep how far a step is, for the line that `warehouse.long_steps` prints while it runs.

    Parameters
    ----------
    what : str
        What the step does, in words.
    """

    latest = ""

    def __init__(self, what: str) -> None:
        self._what = what

    def __call__(self, done: int, total: int) -> None:
        """Report how much is done.

        Parameters
        ----------
        done, total : int
            Units of work.
        """
        Progress.latest = f"{self._what}: {done} of {total}" if done < total else ""


def set_step(what: str) -> None:
    """Name what a step is at, where its progress cannot be counted.

    Parameters
    ----------
    what : str
        In words.
    """
    Progress.latest = what


def note(text: str) -> None:
    """Print a line among those of dbt.

    Parameters
    ----------
    text : str
        What a reader of the log should know.
    """
    sys.stderr.write(f"          {text}\n")
    sys.stderr.flush()
