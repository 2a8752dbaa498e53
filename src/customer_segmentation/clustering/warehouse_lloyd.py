"""Lloyd's algorithm where the customers are: every pass is one aggregation in the warehouse.

A pass sends the centres as figures of a query and gets back how many customers are nearest to each and the sums of
their features. However many customers there are, nothing else leaves the warehouse.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

# Figures are added as whole numbers of this part of a standard deviation, or of the mean squared distance to the mean:
# sums of whole numbers are exact, so neither the order of the customers nor the number of threads can change them.
UNIT = 2**30

UNCHANGED = "no centre moved"
TOLERANCE = "tolerance reached"
LIMIT = "limit of passes reached"


@dataclass(frozen=True)
class Customers:
    """Describe customers in the warehouse and how K-Means sees them.

    Attributes
    ----------
    query : callable
        Runs SQL in which the table `customers` has the columns `value_1` to `value_n`, transformed but not scaled;
        returns the rows of the result.
    mean, deviation : ndarray of shape (n_features,)
        Mean and population standard deviation of each value.
    center, scale : ndarray of shape (n_features,)
        What is subtracted from each value, and what it is divided by then.
    """

    query: Callable[[str], list[tuple]]
    mean: np.ndarray
    deviation: np.ndarray
    center: np.ndarray
    scale: np.ndarray

    @property
    def weight(self) -> np.ndarray:
        """Standard deviation of each scaled feature, shape (n_features,)."""
        return self.deviation / self.scale

    @property
    def scaled_mean(self) -> np.ndarray:
        """Mean of each scaled feature, shape (n_features,)."""
        return (self.mean - self.center) / self.scale


@dataclass(frozen=True)
class WarehouseFit:
    """Describe a K-Means solution of all customers.

    Attributes
    ----------
    centers : ndarray of shape (n_clusters, n_features)
        In scaled units.
    sizes : ndarray of int, shape (n_clusters,)
        Customers nearest to each centre.
    means : ndarray of shape (n_clusters, n_features)
        Means of the customers nearest to each centre, where one more pass would put the centres.
    inertias : ndarray of shape (n_clusters,)
        Sum of squared distances of the customers of each cluster to its centre.
    passes : int
        Passes over all customers that compared them with centres.
    stopped : str
        `UNCHANGED`, `TOLERANCE` or `LIMIT`.
    reseeded : int
        How often a centre that had lost all its customers was put elsewhere.
    """

    centers: np.ndarray
    sizes: np.ndarray
    means: np.ndarray
    inertias: np.ndarray
    passes: int
    stopped: str
    reseeded: int

    @property
    def inertia(self) -> float:
        """Sum of squared distances of all customers to their centres."""
        return float(self.inertias.sum())

    @property
    def shift(self) -> float:
        """How far the centre that would move most would move in one more pass."""
        return float(np.sqrt(((self.means - self.centers) ** 2).sum(axis=1)).max())


def settle(
    customers: Customers,
    centers: np.ndarray,
    *,
    tolerance: float,
    most_passes: int,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> WarehouseFit:
    """Run Lloyd's algorithm over all customers until a pass hardly improves the inertia.

    Parameters
    ----------
    customers : Customers
        All customers of a segmentation.
    centers : ndarray of shape (n_clusters, n_features)
        Where to start, in scaled units; best where a good sample came to rest.
    tolerance : float
        Passes stop when one more would lower the inertia by less than about this share of it.
    most_passes : int
        Passes stop after so many: data without structure can take hundreds until nothing moves.
    progress : callable, optional
        Is told the passes made and the largest number of them.

    Returns
    -------
    WarehouseFit
        A centre that loses all its customers is put on the customer who is furthest from their centre.

    Notes
    -----
    S. Lloyd (1982), Least squares quantization in PCM. What the next pass will gain is known before it is made: centres
    on the means of their customers lower the inertia by exactly the squared way there, and customers who then change
    their cluster by up to as much again (both together 1.0 to 1.9 times the first, on six kinds of data).
    """
    centers = np.array(centers, dtype=float)
    passes, reseeded = 0, 0
    while True:
        sizes, means, inertias = _pass(customers, centers)
        passes += 1
        progress(passes, most_passes)
        empty = sizes == 0
        if empty.any():
            centers = np.where(empty[:, None], 0, means)
            centers[empty] = _furthest(customers, means[~empty], int(empty.sum()))
            reseeded += int(empty.sum())
            continue
        next_gain = 2 * (sizes * ((means - centers) ** 2).sum(axis=1)).sum()
        if (means == centers).all():
            stopped = UNCHANGED
        elif next_gain < tolerance * inertias.sum():
            stopped = TOLERANCE
        elif passes >= most_passes:
            stopped = LIMIT
        else:
            centers = means
            continue
        return WarehouseFit(centers, sizes, means, inertias, passes, stopped, reseeded)


def squared_silhouette(customers: Customers, fit: WarehouseFit) -> float:
    """Return the mean silhouette of all customers with squared Euclidean distance, in one pass.

    Parameters
    ----------
    customers : Customers
        All customers of a segmentation.
    fit : WarehouseFit
        Their clusters.

    Returns
    -------
    float
        As `clustering.silhouette.mean_squared_silhouette`.

    Notes
    -----
    The mean squared distance of x to the customers y of a cluster is |x|^2 - 2 x mean(y) + mean(|y|^2), so sizes, means
    and inertias of the clusters are all that has to be known of the others.
    """
    clusters = range(len(fit.sizes))
    at, means = fit.centers - customers.scaled_mean, fit.means - customers.scaled_mean
    mean_squares = fit.inertias / fit.sizes + (at * (2 * means - at)).sum(axis=1)
    apart = ", ".join(
        f"greatest(square + {_score(customers, means[cluster], mean_squares[cluster])}, 0) as apart_{cluster}"
        for cluster in clusters
    )
    # nobody counts as their own neighbour
    own = " ".join(
        f"when {cluster} then {_number(size / max(size - 1, 1))} * apart_{cluster}"
        for cluster, size in enumerate(fit.sizes)
    )
    others = ", ".join(f"case when label <> {cluster} then apart_{cluster} end" for cluster in clusters)
    alone = " or ".join(f"label = {cluster}" for cluster in clusters if fit.sizes[cluster] == 1) or "false"
    silhouette = f"(case when {alone} or greatest(own, other) = 0 then 0 else (other - own) / greatest(own, other) end)"
    rows = customers.query(
        f"select {_sum(silhouette, UNIT)} from ("
        f"select label, case label {own} end as own, least({others}) as other from ("
        f"select label, {apart} from ({_labelled(customers, fit.centers)}) as labelled) as measured) as compared"
    )
    return rows[0][0] / UNIT / int(fit.sizes.sum())


def _pass(customers, centers):
    """Return size, mean and sum of squared distances of the customers nearest to each centre."""
    square_unit = UNIT / (customers.weight**2).sum()
    sums = ", ".join(_sum(f"x_{feature}", UNIT) for feature in range(centers.shape[1]))
    rows = customers.query(
        f"select label, count(*), {_sum('(lowest + square)', square_unit)}, {sums} "
        f"from ({_labelled(customers, centers)}) as labelled group by label"
    )
    sizes, means, inertias = np.zeros(len(centers), dtype=int), centers.copy(), np.zeros(len(centers))
    for label, size, square, *totals in rows:
        sizes[label], inertias[label] = size, square / square_unit
        standardised = np.array([total / (size * UNIT) for total in totals])
        means[label] = standardised * customers.weight + customers.scaled_mean
    return sizes, means, inertias


def _furthest(customers, centers, count) -> np.ndarray:
    """Return the places of the customers who are furthest from their centre."""
    places = ", ".join(f"x_{feature}" for feature in range(centers.shape[1]))
    rows = customers.query(
        f"select distinct {places}, lowest + square as distance from ({_labelled(customers, centers)}) as labelled "
        f"order by distance desc, {places} limit {count}"
    )
    return np.array([row[:-1] for row in rows]) * customers.weight + customers.scaled_mean


def _labelled(customers, centers) -> str:
    """Return SQL for each customer's standardised features `x`, nearest centre `label`, and squared distance.

    The squared distance is `lowest + square`: `square` is the same for all centres, so only the rest is compared.
    """
    standardised = ", ".join(
        f"(value_{feature + 1} - {_number(mean)}) * {_number(1 / deviation)} as x_{feature}"
        for feature, (mean, deviation) in enumerate(zip(customers.mean, customers.deviation, strict=True))
    )
    scores = ", ".join(
        f"{_score(customers, center, (center**2).sum())} as score_{cluster}"
        for cluster, center in enumerate(centers - customers.scaled_mean)
    )
    square = " + ".join(
        f"{_number(weight**2)} * x_{feature} * x_{feature}" for feature, weight in enumerate(customers.weight)
    )
    lowest = ", ".join(f"score_{cluster}" for cluster in range(len(centers)))
    labels = " ".join(f"when score_{cluster} then {cluster}" for cluster in range(len(centers)))
    return (
        f"select *, case lowest {labels} end as label from (select *, least({lowest}) as lowest from ("
        f"select *, {scores}, {square} as square from (select {standardised} from customers) as standardised"
        ") as scored) as compared"
    )


def _sum(expression: str, unit: float) -> str:
    """Return SQL for an exact sum of figures as whole numbers of a unit; engines round casts in different ways."""
    return f"sum(cast(floor({expression} * {_number(unit)} + {_number(0.5)}) as bigint))"


def _score(customers, center, constant) -> str:
    """Return SQL for `constant` less twice the product of a customer with a centre, both seen from the mean."""
    factors = -2 * center * customers.weight
    return " ".join([_number(constant), *(f"+ {_number(factor)} * x_{i}" for i, factor in enumerate(factors))])


def _number(value) -> str:
    """Write a figure with all its digits, as a double: a decimal would be slower and rounded."""
    return f"cast({float(value)!r} as double)"
