"""Models of earlier fits: their centres, and whether they are still what the seeds ask for."""

import pandas as pd


def model_differences(model: pd.DataFrame, wanted: pd.Series, features: pd.DataFrame) -> list[str]:
    """Say what the seeds have otherwise than a model.

    Parameters
    ----------
    model : DataFrame
        One row per cluster and feature, with the columns of `clustering.fitting.FITTED_CLUSTERS`.
    wanted : Series
        What the seeds ask for: `dataset`, `scaling`, `initialisation`, `is_auto`, and `k`, which counts unless it
        `is_auto`.
    features : DataFrame
        One row per feature of the segmentation: `position`, `feature`, `transform`, `weight`.

    Returns
    -------
    list of str
        One phrase per difference, for example `k is 4, was 3`; empty if the model is the one that the seeds ask for.
    """
    first = model.iloc[0]
    names = ["dataset", "scaling"]
    fell_back = not pd.isna(first["fallback"])  # the stored model is what the data allowed
    names += [] if fell_back and wanted["initialisation"] == "personas" else ["initialisation"]
    names += [] if wanted["is_auto"] or (fell_back and wanted["k"] > first["k"]) else ["k"]
    differences = [f"{name} is {wanted[name]}, was {first[name]}" for name in names if wanted[name] != first[name]]
    now, then = _described(features), _described(model.drop_duplicates("position"))
    return differences + ([f"its features are {now}, were {then}"] if now != then else [])


def model_centres(model: pd.DataFrame) -> pd.DataFrame:
    """Return the centres of a model in the units in which features enter it, before they are scaled.

    Parameters
    ----------
    model : DataFrame
        One row per cluster and feature: `cluster_id`, `feature`, `scaler_center`, `scaler_scale`, `scaled_centroid`.

    Returns
    -------
    DataFrame of shape (n_clusters, n_features)
        Features in alphabetical order.
    """
    values = model.assign(value=model["scaler_center"] + model["scaled_centroid"] * model["scaler_scale"])
    return values.pivot(index="cluster_id", columns="feature", values="value").sort_index(axis=1)


def _described(features) -> str:
    """Describe features in the order of their positions, for example `age (log, weight 2)`."""
    return ", ".join(
        f"{row.feature} ({row.transform}, weight {row.weight:.12g})"
        for row in features.sort_values("position").itertuples(index=False)
    )
