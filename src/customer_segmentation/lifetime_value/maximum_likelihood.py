"""Maximum likelihood of positive parameters, with a covariance that holds where the model is not quite right."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from scipy import optimize, special

CONVERGED, NO_LIMIT = "converged", "no limit"
# Logarithms of parameters stay within the first two, in units in which ages and amounts are about 1. A parameter above
# the third has no limit: customers hardly differ in what it describes, and with any larger value the fit expects the
# same of them to within a thousandth.
LOWEST, HIGHEST, NO_LIMIT_FROM = -9.0, 9.0, 8.0
HALF_WIDTH = float(special.ndtri(0.975))  # of a 95 % interval, in standard errors
STEP = 1e-4  # of a logarithm, for differences of gradients


@dataclass(frozen=True)
class Fit:
    """Result of a fit.

    Parameters
    ----------
    status : str
        `converged`, or why there are no values.
    values : ndarray of shape (n_parameters,)
        Parameters; empty without a result.
    covariance : ndarray of shape (n_parameters, n_parameters)
        Covariance of their logarithms; zero for parameters without a limit.
    log_likelihood : float
        Of all customers; NaN without a result.
    """

    status: str
    values: np.ndarray = field(default_factory=lambda: np.empty(0))
    covariance: np.ndarray = field(default_factory=lambda: np.empty((0, 0)))
    log_likelihood: float = np.nan

    @property
    def converged(self) -> bool:
        """Whether there are values."""
        return self.status == CONVERGED


def maximise(
    log_likelihoods: Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]],
    start: np.ndarray,
    weights: np.ndarray,
    names: tuple[str, ...],
) -> Fit:
    """Find the parameters under which what was seen is most likely.

    Parameters
    ----------
    log_likelihoods : callable
        Takes parameters of shape (n_parameters,), returns the log-likelihood of each row, of shape (n_rows,), and its
        derivatives by the logarithms of the parameters, of shape (n_parameters, n_rows).
    start : ndarray of shape (n_parameters,)
        Parameters that the search starts from.
    weights : ndarray of shape (n_rows,)
        Customers that each row stands for.
    names : tuple of str
        Names of the parameters, for messages.

    Returns
    -------
    Fit

    Notes
    -----
    The covariance is the sandwich of Huber (1967) and White (1982), Maximum likelihood estimation of misspecified
    models. It is what a bootstrap of the customers tends to, without the repetitions.
    """
    total = weights.sum()

    def gradient(logs: np.ndarray) -> np.ndarray:
        return log_likelihoods(np.exp(logs))[1] @ weights

    def objective(logs: np.ndarray) -> tuple[float, np.ndarray]:
        likelihoods, derivatives = log_likelihoods(np.exp(logs))
        return -(likelihoods @ weights) / total, -(derivatives @ weights) / total

    found = optimize.minimize(
        objective,
        np.log(start),
        jac=True,
        method="L-BFGS-B",
        bounds=[(LOWEST, HIGHEST)] * len(start),
        options={"ftol": 1e-13, "gtol": 1e-7, "maxiter": 1000},
    )
    logs = found.x
    free = logs < NO_LIMIT_FROM
    vanishes = logs < LOWEST + 0.01
    is_flat = np.abs(gradient(logs)) / total <= 1e-4
    if vanishes.any() or not free.any() or not is_flat[free].all():
        extreme = [name for name, is_extreme in zip(names, vanishes | ~free, strict=True) if is_extreme]
        if extreme:
            return Fit(f"not identified: the data set no limit to {' and '.join(extreme)}")
        return Fit(f"not converged: {found.message}")
    curvature = np.array(
        [(gradient(logs + step) - gradient(logs - step)) / (2 * STEP) for step in STEP * np.eye(len(start))[free]]
    )[:, free]
    information = -(curvature + curvature.T) / 2
    if np.linalg.eigvalsh(information)[0] <= 1e-9 * total:
        return Fit(f"not identified: several values of {' and '.join(names)} are equally likely")
    likelihoods, derivatives = log_likelihoods(np.exp(logs))
    bread = np.linalg.inv(information)
    covariance = np.zeros((len(start), len(start)))
    covariance[np.ix_(free, free)] = bread @ (derivatives[free] * weights @ derivatives[free].T) @ bread
    return Fit(CONVERGED, np.exp(logs), covariance, float(likelihoods @ weights))
