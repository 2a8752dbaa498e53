"""Whether a fit is the optimum. The best solution, where single starts would have ended, and how different that is."""

import numpy as np
import pandas as pd

from segmentation import kmeans
from segmentation.fitting import prototype_table
from segmentation.samples import Sample

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
}

OPTIMA_LISTED = 5


def describe_optima(
    samples: list[Sample], settings: pd.DataFrame, prototypes: pd.DataFrame, *, starts: int, seed: int
) -> pd.DataFrame:
    """Return the best local optima of every segmentation, the best known first.

    Parameters
    ----------
    samples : list of Sample
        The customers, scaled.
    settings : DataFrame
        One row per segmentation: `segmentation`, `initialisation`.
    prototypes : DataFrame
        One row per segmentation, persona and feature: `segmentation`, `persona`, `priority`, `position`, `model_value`.
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
    Differences are measured by the adjusted Rand index: L. Hubert and P. Arabie (1985), Comparing partitions.
    """
    initialisation = settings.set_index("segmentation")["initialisation"]
    rows = []
    for sample in samples:
        if len(np.unique(sample.scaled, axis=0)) < sample.n_clusters:
            continue
        best = kmeans.fit_best(sample.scaled, sample.n_clusters, starts=starts, seed=seed)
        found = _listed(sample, best, starts, seed)
        if initialisation[sample.segmentation] == "personas":
            own = prototype_table(prototypes[prototypes["segmentation"] == sample.segmentation])
            in_use = kmeans.fit_from(sample.scaled, (own.to_numpy(dtype=float) - sample.center) / sample.scale)
            if not any(_same(in_use.inertia, fit.inertia) for fit, _ in found):
                found.append((in_use, "personas"))
        else:  # on a sample the model in use is whichever optimum it is most alike
            in_use = max(
                (fit for fit, _ in found),
                key=lambda fit: _difference(fit.labels, sample.labels - 1)["adjusted_rand_index"],
            )
        different = _different([best.inertia, *best.start_inertias])
        for fit, found_by in found:
            rows.append(
                {
                    "segmentation": sample.segmentation,
                    "optimum": 1
                    + sum(inertia < fit.inertia and not _same(inertia, fit.inertia) for inertia in different),
                    "inertia": fit.inertia,
                    "excess_over_best": fit.inertia / best.inertia - 1 if best.inertia > 0 else 0.0,
                    "share_of_starts": float(np.mean([_same(inertia, fit.inertia) for inertia in best.start_inertias])),
                    "starts": starts,
                    **_difference(fit.labels, best.labels),
                    "smallest_cluster": np.bincount(fit.labels, minlength=sample.n_clusters).min(),
                    "found_by": found_by,
                    "is_in_use": _same(fit.inertia, in_use.inertia),
                    "customers": len(sample.scaled),
                }
            )
    return pd.DataFrame(rows, columns=list(FIT_OPTIMA))


def _listed(sample, best, starts, seed):
    """Return the best known optimum and the next ones that starts ended in, each with what led to it."""
    plain = kmeans.local_optima(sample.scaled, sample.n_clusters, starts=starts, seed=seed, limit=OPTIMA_LISTED)
    others = [(fit, "starts") for fit in plain if not _same(fit.inertia, best.inertia)]
    return [(best, "starts" if len(others) < len(plain) else "relocation"), *others][:OPTIMA_LISTED]


def _different(inertias) -> list[float]:
    different: list[float] = []
    for inertia in sorted(inertias):
        if not different or not _same(inertia, different[-1]):
            different.append(inertia)
    return different


def _same(inertia, other) -> bool:
    return bool(np.isclose(inertia, other, rtol=kmeans.SAME_OPTIMUM, atol=0))


def _difference(labels, best) -> dict[str, float]:
    """Return how alike two clusterings are, and how many customers would have to change to make them equal."""
    from scipy.optimize import linear_sum_assignment
    from sklearn.metrics import adjusted_rand_score

    size = max(labels.max(), best.max()) + 1
    together = np.zeros((size, size), dtype=int)
    np.add.at(together, (labels, best), 1)
    rows, columns = linear_sum_assignment(together, maximize=True)
    return {
        "adjusted_rand_index": float(adjusted_rand_score(best, labels)),
        "customers_elsewhere": int(len(labels) - together[rows, columns].sum()),
    }
