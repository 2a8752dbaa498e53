"""Whether a fit is the optimum. The best solution, where single starts would have ended, and how different that is."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from customer_segmentation.clustering import kmeans
from customer_segmentation.clustering.distances import predict
from customer_segmentation.clustering.fitting import prototype_table
from customer_segmentation.evidence.agreement import adjusted_rand_index, shared_customers
from customer_segmentation.evidence.samples import CORESET, Sample, weighted_rows

# Rows of a coreset that starts run on: as many as the search of the fit takes, less what chance may draw more (ten
# standard deviations), so that the search does not draw once more and all its starts are seen as they ended.
STARTED_ROWS = kmeans.SEARCH_ROWS - 1_000

FIT_OPTIMA = {
    "segmentation": "varchar",
    "optimum": "integer",
    "inertia": "double",
    "excess_over_best": "double",
    "share_of_starts": "double",
    "starts": "integer",
    "adjusted_rand_index": "double",
    "customers_elsewhere": "bigint",
    "smallest_cluster": "bigint",
    "found_by": "varchar",
    "is_in_use": "boolean",
    "customers": "bigint",
    "fitted_on": "varchar",
    "coreset_rows": "bigint",
}

OPTIMA_LISTED = 5


def describe_optima(
    samples: list[Sample],
    settings: pd.DataFrame,
    prototypes: pd.DataFrame,
    statistics: pd.DataFrame,
    read_rows: Callable[[str], pd.DataFrame],
    *,
    starts: int,
    seed: int,
) -> pd.DataFrame:
    """Return the best local optima of every segmentation, the best known first.

    Parameters
    ----------
    samples : list of Sample
        The sampled customers, scaled. Where there is no coreset they are what starts run on.
    settings : DataFrame
        One row per segmentation: `segmentation`, and the `initialisation` of its fit.
    prototypes : DataFrame
        One row per segmentation, persona and feature: `segmentation`, `persona`, `priority`, `position`, `model_value`.
    statistics : DataFrame
        One row per segmentation and position: `segmentation`, `position`, `customers`, `scaler_center`, `scaler_scale`
        of all customers, and `is_sampled`.
    read_rows : callable
        Takes a segmentation; returns its coreset, as for `evidence.samples.weighted_rows`. Asked where
        `is_sampled`; starts then run on `STARTED_ROWS` of it, and all figures are estimates for all customers.
    starts : int
        Number of k-means++ starts.
    seed : int
        Seed of the random numbers.

    Returns
    -------
    DataFrame
        With the columns of `FIT_OPTIMA`. The optimum next to the personas is listed wherever it ranks if the fit in use
        started there.

    Notes
    -----
    Of a coreset, optima whose inertias differ by less than it can tell (`kmeans.LEAST_GAIN_ON_SAMPLE`) are one.
    Differences are measured by the adjusted Rand index: L. Hubert and P. Arabie (1985), Comparing partitions.
    """
    initialisation = settings.set_index("segmentation")["initialisation"]
    rows = []
    for sample in samples:
        k = sample.n_clusters
        looked_at = weighted_rows(sample.segmentation, sample.scaled, statistics, read_rows).thinned(STARTED_ROWS, seed)
        points, weights = looked_at.points, looked_at.weights
        different = len(np.unique(points, axis=0))
        if different < k:
            continue
        # twins that a coreset cannot tell apart are one optimum
        tolerance = kmeans.LEAST_GAIN_ON_SAMPLE if looked_at.fitted_on == CORESET else kmeans.SAME_OPTIMUM
        best = kmeans.fit_best(points, k, starts=starts, seed=seed, weights=weights)
        plain = kmeans.local_optima(
            points, k, starts=starts, seed=seed, limit=OPTIMA_LISTED, weights=weights, same=tolerance
        )
        found = _listed(best, plain, tolerance)
        if initialisation[sample.segmentation] == "personas":
            own = prototype_table(prototypes[prototypes["segmentation"] == sample.segmentation])
            started = kmeans.fit_from(points, (own.to_numpy(dtype=float) - sample.center) / sample.scale, weights)
            in_use = next((fit for fit, _ in found if _same(fit.inertia, started.inertia, tolerance)), started)
            if in_use is started:
                found.append((started, "personas"))
        else:  # on a sample the model in use is whichever optimum it is most alike
            in_use = max((fit for fit, _ in found), key=lambda fit: _likeness(fit, sample))
        inertias = _different([best.inertia, *best.start_inertias], tolerance)
        for fit, found_by in found:
            ended_here = [
                _same(inertia, fit.inertia, tolerance) and inertia >= fit.inertia * (1 - kmeans.SAME_OPTIMUM)
                for inertia in best.start_inertias
            ]
            rows.append(
                {
                    "segmentation": sample.segmentation,
                    "optimum": 1
                    + sum(inertia < fit.inertia and not _same(inertia, fit.inertia, tolerance) for inertia in inertias),
                    "inertia": fit.inertia,
                    "excess_over_best": fit.inertia / best.inertia - 1 if best.inertia > 0 else 0.0,
                    "share_of_starts": float(np.mean(ended_here)),
                    "starts": starts,
                    **_difference(fit.labels, best.labels, weights),
                    "smallest_cluster": round(np.bincount(fit.labels, weights, minlength=k).min()),
                    "found_by": found_by,
                    "is_in_use": fit is in_use,
                    "customers": looked_at.customers,
                    "fitted_on": looked_at.fitted_on,
                    "coreset_rows": different,
                }
            )
    return pd.DataFrame(rows, columns=list(FIT_OPTIMA))


def _listed(best, plain, tolerance):
    """Return the best known optimum and the next ones that starts ended in, each with what led to it."""
    others = [(fit, "starts") for fit in plain if not _same(fit.inertia, best.inertia, tolerance)]
    return [(best, "starts" if len(others) < len(plain) else "relocation"), *others][:OPTIMA_LISTED]


def _different(inertias, tolerance) -> list[float]:
    different: list[float] = []
    for inertia in sorted(inertias):
        if not different or not _same(inertia, different[-1], tolerance):
            different.append(inertia)
    return different


def _same(inertia, other, tolerance) -> bool:
    return bool(abs(inertia - other) <= tolerance * min(inertia, other))


def _likeness(fit, sample) -> float:
    """Return how alike a fit and the model in use are, by the sampled customers."""
    labels = predict(sample.scaled, fit.centers)
    return _difference(labels, sample.labels - 1, np.ones(len(labels)))["adjusted_rand_index"]


def _difference(labels, best, weights) -> dict[str, float]:
    """Return how alike two clusterings are, and how many customers would have to change to make them equal."""
    from scipy.optimize import linear_sum_assignment

    together = shared_customers(labels, best, weights)
    rows, columns = linear_sum_assignment(together, maximize=True)
    return {
        "adjusted_rand_index": adjusted_rand_index(together),
        "customers_elsewhere": round(together.sum() - together[rows, columns].sum()),
    }
