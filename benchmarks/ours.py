"""The path of this project for many customers, as the benchmark calls it."""

from collections.abc import Callable, Sequence
from pathlib import Path


def fit_sweep(
    database: Path, table: str, ks: Sequence[int], starts: int, chosen: int, finished: Callable[[str], object]
) -> list[list[float]]:
    """Fit every number of clusters, choose one, and write every customer's cluster to the table `labels`.

    Parameters
    ----------
    database : Path
        Database with the table.
    table : str
        Its name: `customer_id` and the features.
    ks : sequence of int
        Numbers of clusters to fit.
    starts : int
        Starts of each.
    chosen : int
        The number of clusters to write, one of `ks`.
    finished : callable
        To be called with the name of a step when it ends.

    Returns
    -------
    list of shape (chosen, n_features)
        The centres of the chosen number of clusters, in the units of the table.
    """
    raise NotImplementedError("not written yet")
