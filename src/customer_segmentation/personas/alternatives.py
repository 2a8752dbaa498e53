"""What the segments would be with one segment fewer or more than a segmentation has."""

import numpy as np
import pandas as pd

from customer_segmentation.personas.matching import match_personas

ALTERNATIVE_CLUSTERS = {
    "segmentation": "varchar",
    "dataset": "varchar",
    "k": "integer",
    "cluster_id": "integer",
    "position": "integer",
    "feature": "varchar",
    "scaler_center": "double",
    "scaler_scale": "double",
    "scaled_centroid": "double",
    "persona": "varchar",
    "match_distance": "double",
}
OF_FEATURE = ["dataset", "position", "feature", "scaler_center", "scaler_scale", "scaled_deviation"]
STEPS = (-1, 1)  # segments more than there are


def alternative_clusters(criteria: pd.DataFrame, fitted: pd.DataFrame, prototypes: pd.DataFrame) -> pd.DataFrame:
    """Return the clusters that each segmentation would have with one fewer and one more, and their personas.

    The clusters are those that numbers of segments were compared with; nothing is fitted again. Personas are assigned
    as to the clusters in use, but nothing stays with its customers: these clusters have no past.

    Parameters
    ----------
    criteria : DataFrame
        One row per segmentation and number of clusters compared: `segmentation`, `k`, and `centers`, those of the
        clusters one after the other, transformed but not scaled.
    fitted : DataFrame
        The model in use: one row per segmentation, cluster and feature, with `segmentation`, `k` and the columns of
        `OF_FEATURE`.
    prototypes : DataFrame
        As for `personas.matching.match_personas`.

    Returns
    -------
    DataFrame
        One row per segmentation, number of clusters, cluster and feature with the columns of `ALTERNATIVE_CLUSTERS`,
        in the scaled units of the model in use. `persona` is empty for a cluster that no persona describes. Numbers
        that were not compared have no row.
    """
    centers = criteria.set_index(["segmentation", "k"])["centers"]
    parts = []
    for step in STEPS:
        clusters = [
            _clusters(own, k, centers.loc[name, k])
            for name, own in fitted.groupby("segmentation", sort=True)
            if (name, k := int(own["k"].iloc[0]) + step) in centers.index
        ]
        if clusters:
            found = pd.concat(clusters, ignore_index=True)
            matches = match_personas(prototypes, found).astype({"cluster_id": int})
            parts.append(found.merge(matches, how="left", on=["segmentation", "cluster_id"]))
    columns = list(ALTERNATIVE_CLUSTERS)
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)


def _clusters(model, k, centers) -> pd.DataFrame:
    """Describe clusters as those of a model, in its scaled units."""
    features = model.drop_duplicates("position").sort_values("position")[["segmentation", *OF_FEATURE]]
    rows = pd.concat([features] * k, ignore_index=True)
    return rows.assign(
        k=k,
        cluster_id=np.repeat(np.arange(1, k + 1), len(features)),
        scaled_centroid=(np.asarray(centers, dtype=float) - rows["scaler_center"]) / rows["scaler_scale"],
    )
