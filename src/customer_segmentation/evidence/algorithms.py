"""Other clustering algorithms on the same customers: how far the segments depend on the choice of K-Means."""

import math
import time
import warnings
from functools import partial

import numpy as np
import pandas as pd

from customer_segmentation.clustering.silhouette import mean_silhouettes
from customer_segmentation.evidence.agreement import adjusted_rand_index, shared_customers
from customer_segmentation.evidence.samples import Sample
from customer_segmentation.evidence.separation import calinski_harabasz, davies_bouldin

ALGORITHM_RESULTS = {
    "segmentation": "varchar",
    "dataset": "varchar",
    "algorithm": "varchar",
    "settings": "varchar",
    "clusters": "integer",
    "noise_customers": "bigint",
    "noise_share": "double",
    "silhouette": "double",
    "davies_bouldin": "double",
    "calinski_harabasz": "double",
    "bic": "double",
    "adjusted_rand_index": "double",
    "noise_handling": "varchar",
    "customers": "bigint",
    "seconds": "double",
}

COVARIANCE_TYPES = {
    "full": "each of its own shape",
    "tied": "all of one shape",
    "diag": "stretched along the features only",
    "spherical": "round",
}
MIXTURE_ITERATIONS = 500  # far beyond what expectation maximisation needs here; a bound, not a tuning parameter
ADDED_VARIANCE = 1e-6  # keeps a component on equal customers from a variance of zero
COLLAPSED_VARIANCE = 1e-4  # a component thinner than a hundredth of a standard deviation sits on repeated values
WARD_CUSTOMERS = 2_000  # Ward needs all pairs of customers at once
# Of the partitions that mixtures with another number of components start at. With 20 starts the mixture of lowest BIC
# no longer depends on chance; of many customers fewer starts are as good and take long enough.
MOST_STARTS, FEWEST_STARTS, STARTED_CUSTOMERS = 20, 5, 20_000
SMALLEST_SHARE = 0.02  # HDBSCAN: a group below a fiftieth of the customers is not worth a campaign of its own
SMALLEST_COUNT = 5  # HDBSCAN: fewer customers are no density

NO_NOISE = "every customer is in a cluster"
NOISE = (
    "noise left out of silhouette, Davies-Bouldin and Calinski-Harabasz, "
    "a cluster of its own in the adjusted Rand index"
)


def compare_algorithms(
    samples: list[Sample], segmentations: pd.DataFrame, *, thorough: bool, seed: int
) -> pd.DataFrame:
    """Cluster the customers of every segmentation with several algorithms and measure the results alike.

    Parameters
    ----------
    samples : list of Sample
        Scaled customers and their K-Means clusters.
    segmentations : DataFrame
        One row per segmentation: `segmentation`, `k_min`, `k_max`.
    thorough : bool
        Whether to fit mixtures of all covariance types and between k_min and k_max components, or only the mixture with
        full covariances and as many components as K-Means has clusters.
    seed : int
        Seed of the random numbers.

    Returns
    -------
    DataFrame
        With the columns of `ALGORITHM_RESULTS`. An algorithm that cannot work on the data has a row that says so in
        `settings` and empty figures.

    Notes
    -----
    Gaussian mixtures start at the K-Means partition with the same number of clusters and are chosen by BIC: C. Fraley
    and A. Raftery (2002), Model-based clustering, discriminant analysis, and density estimation. DBSCAN: M. Ester et
    al. (1996), A density-based algorithm for discovering clusters; twice as many neighbours as features: J. Sander et
    al. (1998), Density-based clustering in spatial databases; knee of the k-distance curve: V. Satopaa et al. (2011),
    Finding a "kneedle" in a haystack. HDBSCAN: R. Campello et al. (2013), Density-based clustering based on
    hierarchical density estimates. Ward: J. Ward (1963), Hierarchical grouping to optimize an objective function.
    """
    limits = segmentations.set_index("segmentation")
    found = []
    for sample in samples:
        smallest, largest = (int(limits.loc[sample.segmentation, name]) for name in ("k_min", "k_max"))
        candidates = range(smallest, largest + 1)
        found.extend(_compare(sample, candidates, thorough, seed))
    return pd.DataFrame(found, columns=list(ALGORITHM_RESULTS))


def _compare(sample, candidates, thorough, seed) -> list[dict]:
    import sklearn.cluster
    import sklearn.mixture  # noqa: F401
    from threadpoolctl import threadpool_limits

    # Only now that scikit-learn is loaded can its threads be limited. What a warning would say is said in the row.
    with threadpool_limits(limits=1), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        in_use = _row("K-Means", f"{sample.n_clusters} clusters, the model in use", sample.labels)
        mixtures = _mixtures(sample, candidates, thorough, seed)
        density = [_dbscan(sample.scaled), _hdbscan(sample.scaled)]
        reduced = sample.first(WARD_CUSTOMERS)
        return [*_measured(sample, [in_use, *mixtures, *density]), *_measured(reduced, [_ward(reduced)])]


def _row(algorithm, settings, labels, *, seconds=None, bic=None, noise_handling=NO_NOISE) -> dict:
    """Describe one result; without labels it says in `settings` why there are none."""
    return {
        "algorithm": algorithm,
        "settings": settings,
        "labels": labels,
        "bic": bic,
        "noise_handling": noise_handling if labels is not None else "no clusters were formed",
        "seconds": seconds,
    }


def _timed(cluster):
    """Return what the call returns and the seconds it took."""
    started = time.perf_counter()
    return cluster(), time.perf_counter() - started


def _mixtures(sample, candidates, thorough, seed) -> list[dict]:
    """Fit mixtures of every covariance type with as many components as clusters, and find the one of lowest BIC."""
    types = list(COVARIANCE_TYPES) if thorough else ["full"]
    distinct = len(np.unique(sample.scaled, axis=0))
    counts = {sample.n_clusters, *candidates} if thorough else {sample.n_clusters}
    fits = {}
    for count in sorted(counts):
        if 2 <= count <= distinct:
            partition = _partition(sample, count, seed)
            for kind in types:
                fits[kind, count] = _timed(partial(_fit_mixture, sample.scaled, partition, kind))
    rows = []
    for kind in types:
        algorithm = f"Gaussian mixture, {kind}"
        if (kind, sample.n_clusters) in fits:
            mixture, seconds = fits[kind, sample.n_clusters]
            rows.append(_mixture_row(algorithm, sample, mixture, seconds, COVARIANCE_TYPES[kind]))
        else:
            reason = f"{distinct} different customers cannot form {sample.n_clusters} components"
            rows.append(_row(algorithm, reason, None))
    if thorough:
        rows.append(_lowest_bic(sample, candidates, fits))
    return rows


def _lowest_bic(sample, candidates, fits) -> dict:
    algorithm = "Gaussian mixture, lowest BIC"
    searched = {key: fit for key, fit in fits.items() if key[1] in candidates}
    sound = {key: fit for key, fit in searched.items() if not _has_collapsed(fit[0])}
    if not sound:
        return _row(algorithm, "no mixture without a component collapsed onto repeated values", None)
    kind, _ = best = min(sound, key=lambda key: (sound[key][0].bic(sample.scaled), key[1]))
    left_out = len(searched) - len(sound)
    note = f"{COVARIANCE_TYPES[kind]}; lowest BIC of {len(sound)} mixtures"
    note += f" with {min(candidates)} to {max(candidates)} components"
    if left_out:
        note += f"; {left_out} more have a component collapsed onto repeated values"
    seconds = math.fsum(fit[1] for fit in searched.values())
    return _mixture_row(algorithm, sample, sound[best][0], seconds, note)


def _mixture_row(algorithm, sample, mixture, seconds, note) -> dict:
    settings = f"{mixture.n_components} components, {note}"
    if _has_collapsed(mixture):
        settings += "; a component has collapsed onto repeated values, so its BIC says little"
    if not mixture.converged_:
        settings += f"; not settled after {MIXTURE_ITERATIONS} iterations"
    labels = mixture.predict(sample.scaled)
    return _row(algorithm, settings, labels, seconds=seconds, bic=float(mixture.bic(sample.scaled)))


def _partition(sample, count, seed) -> np.ndarray:
    """Return the K-Means partition into so many clusters: the model in use where it has as many."""
    from sklearn.cluster import KMeans

    if count == sample.n_clusters == len(np.unique(sample.labels)):
        return sample.labels - 1
    starts = max(FEWEST_STARTS, min(MOST_STARTS, STARTED_CUSTOMERS // len(sample.scaled)))
    return KMeans(count, n_init=starts, random_state=seed).fit_predict(sample.scaled)


def _fit_mixture(points, partition, covariance_type):
    """Fit a mixture of Gaussians from the partition of another method, so that chance has no part in it."""
    from sklearn.mixture import GaussianMixture

    members = [points[partition == component] for component in np.unique(partition)]
    noise = ADDED_VARIANCE * np.eye(points.shape[1])
    scatter = np.array([np.cov(rows.T, bias=True).reshape(noise.shape) + noise for rows in members])
    weights = np.array([len(rows) / len(points) for rows in members])
    precisions = {
        "full": lambda: np.linalg.inv(scatter),
        "tied": lambda: np.linalg.inv(np.tensordot(weights, scatter, axes=1)),
        "diag": lambda: 1 / np.diagonal(scatter, axis1=1, axis2=2),
        "spherical": lambda: 1 / np.diagonal(scatter, axis1=1, axis2=2).mean(axis=1),
    }
    return GaussianMixture(
        len(members),
        covariance_type=covariance_type,
        reg_covar=ADDED_VARIANCE,
        max_iter=MIXTURE_ITERATIONS,
        weights_init=weights / weights.sum(),
        means_init=np.array([rows.mean(axis=0) for rows in members]),
        precisions_init=precisions[covariance_type](),
        random_state=0,
    ).fit(points)


def _has_collapsed(mixture) -> bool:
    covariances = mixture.covariances_
    if mixture.covariance_type in ("full", "tied"):
        covariances = np.linalg.eigvalsh(covariances)
    return bool((covariances < COLLAPSED_VARIANCE).any())


def knee_of_distances(points: np.ndarray, neighbours: int) -> float:
    """Return the distance at the knee of the sorted distances to a neighbour of given rank, the point itself included.

    The knee is the place of the rising curve that lies furthest below the straight line between its ends.

    Parameters
    ----------
    points : ndarray of shape (n_samples, n_features)
        Scaled features.
    neighbours : int
        Rank of the neighbour, at most n_samples.

    Returns
    -------
    float
        In scaled units; 0 if most points coincide with so many others.

    Examples
    --------
    >>> knee_of_distances(np.array([[0.0], [1.0], [2.0], [3.0], [9.0]]), 2)
    1.0
    """
    from sklearn.neighbors import NearestNeighbors

    nearest = NearestNeighbors(n_neighbors=neighbours).fit(points).kneighbors(points)[0]
    distances = np.sort(nearest[:, -1])
    line = np.linspace(distances[0], distances[-1], len(distances))
    return float(distances[np.argmax(np.round(line - distances, 12))])


def _dbscan(points) -> dict:
    from sklearn.cluster import DBSCAN

    neighbours = 2 * points.shape[1]
    if len(points) <= neighbours:
        return _row("DBSCAN", f"{len(points)} customers have no {neighbours} neighbours", None)
    radius = knee_of_distances(points, neighbours)
    if not radius > 0:
        return _row("DBSCAN", "so many customers are equal that their neighbours have no distance", None)
    labels, seconds = _timed(lambda: DBSCAN(eps=radius, min_samples=neighbours).fit_predict(points))
    settings = f"radius {radius:.3g} at the knee of the distances, {neighbours} neighbours (twice the features)"
    return _row("DBSCAN", settings, labels, seconds=seconds, noise_handling=NOISE)


def _hdbscan(points) -> dict:
    from sklearn.cluster import HDBSCAN

    smallest = max(SMALLEST_COUNT, math.ceil(SMALLEST_SHARE * len(points)))
    if len(points) <= smallest:
        return _row("HDBSCAN", f"{len(points)} customers cannot form clusters of {smallest}", None)
    labels, seconds = _timed(lambda: HDBSCAN(min_cluster_size=smallest, copy=True).fit_predict(points))
    settings = (
        f"clusters of at least {smallest} customers ({100 * SMALLEST_SHARE:.0f} % of them, {SMALLEST_COUNT} or more)"
    )
    return _row("HDBSCAN", settings, labels, seconds=seconds, noise_handling=NOISE)


def _ward(sample) -> dict:
    from sklearn.cluster import AgglomerativeClustering

    if len(sample.scaled) < max(2, sample.n_clusters):
        return _row("Ward", f"{len(sample.scaled)} customers cannot form {sample.n_clusters} clusters", None)
    labels, seconds = _timed(lambda: AgglomerativeClustering(sample.n_clusters).fit_predict(sample.scaled))
    settings = f"{sample.n_clusters} clusters, as many as K-Means"
    return _row("Ward", settings, labels, seconds=seconds)


def _measured(sample, results) -> list[dict]:
    """Add to each result how good its clusters are and how far they agree with K-Means."""
    formed = [result["labels"] for result in results if result["labels"] is not None]
    silhouettes = iter(mean_silhouettes(sample.scaled, formed))
    rows = []
    for result in results:
        labels = result.pop("labels")
        figures = {"segmentation": sample.segmentation, "dataset": sample.dataset, "customers": len(sample.scaled)}
        if labels is not None:
            noise = int((labels < 0).sum())
            figures |= {
                "clusters": len(np.unique(labels[labels >= 0])),
                "noise_customers": noise,
                "noise_share": noise / len(labels),
                "silhouette": _number(next(silhouettes)),
                **_separation(sample.scaled[labels >= 0], labels[labels >= 0]),
                "adjusted_rand_index": adjusted_rand_index(shared_customers(sample.labels, labels - labels.min())),
            }
        rows.append({column: (figures | result).get(column) for column in ALGORITHM_RESULTS})
    return rows


def _separation(points, labels) -> dict:
    """Return Davies-Bouldin and Calinski-Harabasz; empty where they are not defined."""
    clusters, labels = np.unique(labels, return_inverse=True)
    if not 2 <= len(clusters) < len(points) or not np.ptp(points, axis=0).any():
        return {"davies_bouldin": None, "calinski_harabasz": None}
    return {
        "davies_bouldin": _number(davies_bouldin(points, labels)),
        "calinski_harabasz": _number(calinski_harabasz(points, labels)),
    }


def _number(figure):
    return float(figure) if math.isfinite(figure) else None
