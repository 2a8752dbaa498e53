"""Keep the models of an earlier fit, as long as they are the models that the seeds ask for."""

import pandas as pd

from customer_segmentation.clustering.fitting import FITTED_CLUSTERS
from customer_segmentation.errors import InputError


def with_recorded(stored: pd.DataFrame, recorded: pd.DataFrame) -> pd.DataFrame:
    """Add the recorded models of segmentations that the warehouse has none of.

    Parameters
    ----------
    stored : DataFrame
        One row per segmentation, cluster and feature of the models in the warehouse; has no columns where there is
        none.
    recorded : DataFrame
        The same of the models in the history, with further columns.

    Returns
    -------
    DataFrame
        Without columns if there is no model at all.
    """
    if stored.columns.empty and recorded.empty:
        return stored
    missing = recorded if stored.columns.empty else recorded[~recorded["segmentation"].isin(stored["segmentation"])]
    return pd.concat([stored, missing[list(FITTED_CLUSTERS)]], ignore_index=True)


def kept_models(stored: pd.DataFrame, segmentations: pd.DataFrame, features: pd.DataFrame) -> pd.DataFrame:
    """Return the stored rows of all segmentations that the seeds still have.

    Parameters
    ----------
    stored : DataFrame
        One row per segmentation, cluster and feature, with the columns of `clustering.fitting.FITTED_CLUSTERS`; has
        no columns where nothing is stored.
    segmentations : DataFrame
        One row per segmentation: `segmentation`, `dataset`, `scaling`, `initialisation`, `is_auto`, and `k`, which
        counts unless it `is_auto`.
    features : DataFrame
        One row per segmentation and feature: `segmentation`, `position`, `feature`, `transform`, `weight`.

    Returns
    -------
    DataFrame
        Rows of `stored`, unchanged. Segmentations without a row have no model yet.

    Raises
    ------
    InputError
        If the seeds describe a stored segmentation otherwise, or another version of this project wrote the rows.
    """
    if stored.columns.empty:
        return pd.DataFrame(columns=list(FITTED_CLUSTERS))
    if set(stored.columns) != set(FITTED_CLUSTERS):
        raise InputError(
            "keep_model is true, but the stored models were written by another version of this project. Build once "
            "with keep_model: false."
        )
    kept = stored[stored["segmentation"].isin(segmentations["segmentation"])]
    wanted = segmentations.astype({"k": "Int64"}).set_index("segmentation")
    problems = [
        f"segmentation '{name}': {difference}"
        for name, model in kept.groupby("segmentation", sort=True)
        for difference in _differences(model, wanted.loc[name], features[features["segmentation"] == name])
    ]
    if problems:
        raise InputError(
            f"keep_model is true, but the seeds ask for another model than the stored one. {'; '.join(problems)}. Undo "
            "this in seeds/judgement/segmentations.csv or segmentation_features.csv, or build once with "
            "keep_model: false."
        )
    return kept[list(FITTED_CLUSTERS)].reset_index(drop=True)


def _differences(model, wanted, features) -> list[str]:
    """Say what the seeds have otherwise than the stored model."""
    first = model.iloc[0]
    names = ["dataset", "scaling"]
    fell_back = not pd.isna(first["fallback"])  # the stored model is what the data allowed
    names += [] if fell_back and wanted["initialisation"] == "personas" else ["initialisation"]
    names += [] if wanted["is_auto"] or (fell_back and wanted["k"] > first["k"]) else ["k"]
    differences = [f"{name} is {wanted[name]}, was {first[name]}" for name in names if wanted[name] != first[name]]
    now, then = _described(features), _described(model.drop_duplicates("position"))
    return differences + ([f"its features are {now}, were {then}"] if now != then else [])


def _described(features) -> str:
    """Describe features in the order of their positions, for example `age (log, weight 2)`."""
    return ", ".join(
        f"{row.feature} ({row.transform}, weight {row.weight:.12g})"
        for row in features.sort_values("position").itertuples(index=False)
    )
