"""Measure whether each segment comes back when the customers are resampled."""

import numpy as np
import pandas as pd

from customer_segmentation.clustering.fitting import prototype_table
from customer_segmentation.evidence import resampling
from customer_segmentation.evidence.resampling import Estimate
from customer_segmentation.evidence.samples import Sample

CLUSTER_STABILITY = {
    "segmentation": "varchar",
    "cluster_id": "integer",
    "bootstrap_jaccard": "double",
    "bootstrap_jaccard_standard_error": "double",
    "share_recovered": "double",
    "share_dissolved": "double",
    "bootstraps": "integer",
    "customers": "bigint",
    "seed": "bigint",
}


def measure_stability(
    samples: list[Sample],
    settings: pd.DataFrame,
    prototypes: pd.DataFrame,
    grades: pd.DataFrame,
    *,
    bootstraps: int,
    seed: int,
) -> pd.DataFrame:
    """Return how stable each cluster of the models in use is.

    Parameters
    ----------
    samples : list of Sample
        The customers to draw from, with their clusters.
    settings : DataFrame
        One row per segmentation: `segmentation`, and the `initialisation` of its fit. A fit that started at the
        personas starts there again.
    prototypes : DataFrame
        One row per segmentation, persona and feature: `segmentation`, `persona`, `priority`, `position`, `model_value`.
    grades : DataFrame
        One row per grade: `lowest_jaccard`. A cluster is found again in a sample where it reaches the best grade, and
        is dissolved where it stays at or below the limit of the last but one (Hennig: 0.75 and 0.5).
    bootstraps : int
        Number of bootstrap samples.
    seed : int
        Seed of the random numbers.

    Returns
    -------
    DataFrame
        With the columns of `CLUSTER_STABILITY`; empty figures for a cluster without a sampled customer.

    Notes
    -----
    C. Hennig (2007), Cluster-wise assessment of cluster stability.
    """
    limits = sorted(grades["lowest_jaccard"], reverse=True)
    recovered, dissolved = limits[0], limits[-2:][0]
    initialisation = settings.set_index("segmentation")["initialisation"]
    rows = []
    for sample in samples:
        labels = sample.labels - 1
        if initialisation[sample.segmentation] == "personas":
            own = prototype_table(prototypes[prototypes["segmentation"] == sample.segmentation])
            start = (own.to_numpy(dtype=float) - sample.center) / sample.scale
            similarities = resampling.bootstrap_jaccards_from(sample.scaled, labels, start, count=bootstraps, seed=seed)
        else:
            drawn = resampling.bootstraps(sample.scaled, sample.n_clusters, count=bootstraps, seed=seed)
            similarities = resampling.bootstrap_jaccards(drawn, labels, sample.n_clusters)
        for cluster, values in enumerate(similarities.T):
            values = values[~np.isnan(values)]
            estimate = Estimate.of(values) if len(values) else Estimate(np.nan, np.nan)
            rows.append(
                {
                    "segmentation": sample.segmentation,
                    "cluster_id": cluster + 1,
                    "bootstrap_jaccard": estimate.mean,
                    "bootstrap_jaccard_standard_error": estimate.standard_error,
                    "share_recovered": np.mean(values >= recovered) if len(values) else np.nan,
                    "share_dissolved": np.mean(values <= dissolved) if len(values) else np.nan,
                    "bootstraps": bootstraps,
                    "customers": len(sample.scaled),
                    "seed": seed,
                }
            )
    return pd.DataFrame(rows, columns=list(CLUSTER_STABILITY))
