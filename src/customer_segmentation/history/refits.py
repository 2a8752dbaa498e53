"""Whether a segmentation is fitted again, and whether the new fit takes the place of the model before."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from customer_segmentation.clustering.stored_models import model_centres, model_differences
from customer_segmentation.errors import InputError
from customer_segmentation.evidence.agreement import adjusted_rand_index
from customer_segmentation.formatting import counted, percent
from customer_segmentation.history.identity import jaccard_similarities, pairs_of_customers

ALWAYS, WHEN_DRIFTED, NEVER = "always", "when_drifted", "never"

REFIT_PLANS = {
    "segmentation": "varchar",
    "refit": "varchar",
    "move_limit": "double",
    "is_fitted": "boolean",
    "reason": "varchar",
    "champion_version": "varchar",
    "champion_origin": "varchar",
    "differences": "varchar",
}

REFIT_DECISIONS = {
    "segmentation": "varchar",
    "decision": "varchar",
    "reason": "varchar",
    "model_version": "varchar",
    "champion_version": "varchar",
    "challenger_version": "varchar",
    "customers": "bigint",
    "customers_moved": "bigint",
    "share_moved": "double",
    "adjusted_rand_index": "double",
    "largest_centre_shift": "double",
    "champion_inertia": "double",
    "challenger_inertia": "double",
    "dissolved_segments": "integer",
}

KEPT = "kept"
ACTIVATED = "activated"
FIRST = "first"
SAME = "same model"
ACCEPTED = "accepted"
WAITING = "waiting"

_NOTHING_COMPARED: Mapping[str, Any] = dict.fromkeys(list(REFIT_DECISIONS)[6:])


def plan_refits(
    choices: pd.DataFrame,
    policies: pd.DataFrame,
    features: pd.DataFrame,
    champions: pd.DataFrame,
    activated: pd.DataFrame,
    drift: pd.DataFrame,
    *,
    has_history: bool,
) -> pd.DataFrame:
    """Say for every segmentation whether this build fits it, and why.

    Parameters
    ----------
    choices : DataFrame
        One row per segmentation: `segmentation`, `dataset`, `scaling`, `initialisation`, `is_auto`, and `k`.
    policies : DataFrame
        `segmentation`, `refit` (`always`, `when_drifted` or `never`) and `move_limit`, a share from 0 to 1.
    features : DataFrame
        One row per segmentation and feature: `segmentation`, `position`, `feature`, `transform`, `weight`.
    champions : DataFrame
        The models before this build, one row per segmentation, cluster and feature, with the columns of
        `clustering.fitting.FITTED_CLUSTERS` and `origin`: `activated`, `warehouse` or `history`.
    activated : DataFrame
        `segmentation` and `model_version` of the models that somebody activated and that still apply.
    drift : DataFrame
        `segmentation` and `drift` of every measure: `none`, `small`, `medium` or `large`.
    has_history : bool
        Whether there is a durable history.

    Returns
    -------
    DataFrame
        One row per segmentation with the columns of `REFIT_PLANS`. `differences` says what the seeds ask for that the
        champion is not; it is empty if it is what they ask for.

    Raises
    ------
    InputError
        If a model is to be kept that is not the one that the seeds ask for, or an activated one is not in the history.
    """
    wanted = choices.astype({"k": "Int64"}).set_index("segmentation")
    found, problems = [], []
    for row in policies.sort_values("segmentation").itertuples(index=False):
        name, refit = row.segmentation, row.refit
        champion = champions[champions["segmentation"] == name]
        version, origin = (None, None) if champion.empty else champion[["model_version", "origin"]].iloc[0]
        of_features = features[features["segmentation"] == name]
        differences = [] if champion.empty else model_differences(champion, wanted.loc[name], of_features)
        is_activated = origin == ACTIVATED
        asked = activated.loc[activated["segmentation"] == name, "model_version"]
        if not is_activated and len(asked):
            raise InputError(
                f"The activated model {asked.iloc[0]} of '{name}' is not in the history. Activate another one: "
                "`segmentation models` lists them."
            )
        if differences and (is_activated or refit == NEVER):
            problems += [f"segmentation '{name}': {difference}" for difference in differences]
        worst = set(drift.loc[drift["segmentation"] == name, "drift"])
        if champion.empty:
            is_fitted, reason = True, "no model was there before" if has_history else "no history keeps its model"
        elif is_activated:
            is_fitted, reason = False, "it was activated with `segmentation models activate`"
        elif differences:
            is_fitted, reason = True, f"the seeds ask for another model: {'; '.join(differences)}"
        elif refit == NEVER:
            is_fitted, reason = False, "refit is never"
        elif refit == ALWAYS:
            is_fitted, reason = True, "refit is always"
        else:
            is_fitted = bool(worst & {"medium", "large"})
            reason = "customers have drifted" if is_fitted else "customers have not drifted"
        found.append((name, refit, row.move_limit, is_fitted, reason, version, origin, "; ".join(differences) or None))
    if problems:
        raise InputError(
            f"The seeds ask for another model than the one that is to be kept. {'; '.join(problems)}. Undo this in "
            "seeds/judgement/segmentations.csv or segmentation_features.csv, or let the model be fitted: with refit: "
            "always, and `segmentation models withdraw` where somebody has activated a model."
        )
    return pd.DataFrame(found, columns=list(REFIT_PLANS))


def decide_refits(
    plans: pd.DataFrame,
    champions: pd.DataFrame,
    challengers: pd.DataFrame,
    overlaps: pd.DataFrame,
    *,
    new_below: float,
) -> pd.DataFrame:
    """Decide for every segmentation which model this build uses, and compare the two where there are two.

    Parameters
    ----------
    plans : DataFrame
        As `plan_refits` returns them.
    champions, challengers : DataFrame
        The models before this build and its new fits: one row per segmentation, cluster and feature.
    overlaps : DataFrame
        One row per segmentation, cluster of the champion and cluster of the challenger that share customers of today:
        `segmentation`, `champion_cluster_id`, `cluster_id`, `customers`, and `champion_inertia` and `inertia`, the sums
        of their squared distances to both centres.
    new_below : float
        Jaccard similarity below which a segment is not found again, 0 to 1.

    Returns
    -------
    DataFrame
        One row per segmentation with the columns of `REFIT_DECISIONS`. `model_version` is the model to use. A new fit
        is `accepted` if the seeds ask for another model than the champion, or if it moves no larger share of the
        customers than `move_limit`; otherwise it is `waiting`.

    Notes
    -----
    Segments are paired as in `history.identity`. The agreement is the adjusted Rand index of L. Hubert and P. Arabie
    (1985), Comparing partitions. `largest_centre_shift` is the largest difference between the centres of a pair in any
    feature, in standard deviations of the customers of the new fit.
    """
    versions = challengers.groupby("segmentation")["model_version"].first()
    found = []
    for plan in plans.itertuples(index=False):
        champion = None if pd.isna(plan.champion_version) else plan.champion_version
        challenger = versions.get(plan.segmentation)
        figures, reason = _NOTHING_COMPARED, plan.reason
        if not plan.is_fitted:
            decision = ACTIVATED if plan.champion_origin == ACTIVATED else KEPT
        elif champion is None:
            decision = FIRST
        elif champion == challenger:
            decision = SAME
        else:
            shared = overlaps[overlaps["segmentation"] == plan.segmentation]
            if len(shared):
                figures = compare_models(
                    champions[champions["segmentation"] == plan.segmentation],
                    challengers[challengers["segmentation"] == plan.segmentation],
                    shared,
                    new_below=new_below,
                )
            decision = ACCEPTED
            if pd.isna(plan.differences) and len(shared):
                moved = f"{figures['customers_moved']:,} of {counted(figures['customers'], 'customer')}"
                is_small = figures["share_moved"] <= plan.move_limit
                decision = ACCEPTED if is_small else WAITING
                reason = (
                    f"it would move {moved} ({percent(figures['share_moved'])}), "
                    f"{'within' if is_small else 'beyond'} the limit of {percent(plan.move_limit)}"
                )
        used = champion if decision in (KEPT, ACTIVATED, WAITING) else challenger
        found.append((plan.segmentation, decision, reason, used, champion, challenger, *figures.values()))
    return pd.DataFrame(found, columns=list(REFIT_DECISIONS))


def compare_models(
    champion: pd.DataFrame, challenger: pd.DataFrame, shared: pd.DataFrame, *, new_below: float
) -> dict[str, Any]:
    """Compare two models of a segmentation on the same customers.

    Parameters
    ----------
    champion, challenger : DataFrame
        The models: one row per cluster and feature, with the columns of `clustering.fitting.FITTED_CLUSTERS`.
    shared : DataFrame
        One row per cluster of the champion and cluster of the challenger that share customers, as for `decide_refits`.
    new_below : float
        Jaccard similarity below which a segment is not found again, 0 to 1.

    Returns
    -------
    dict
        The figures of `REFIT_DECISIONS`, from `customers` on.
    """
    named = shared.rename(columns={"champion_cluster_id": "segment_id"})
    pairs = pairs_of_customers(jaccard_similarities(named), new_below)
    together = named.pivot(index="cluster_id", columns="segment_id", values="customers").fillna(0)
    customers = int(together.to_numpy().sum())
    moved = customers - int(sum(together.loc[cluster, segment] for cluster, segment in pairs.items()))
    return {
        "customers": customers,
        "customers_moved": moved,
        "share_moved": moved / customers,
        "adjusted_rand_index": adjusted_rand_index(together.to_numpy(dtype=float)),
        "largest_centre_shift": largest_centre_shift(champion, challenger, pairs),
        "champion_inertia": math.fsum(shared["champion_inertia"]),
        "challenger_inertia": math.fsum(shared["inertia"]),
        "dissolved_segments": champion["cluster_id"].nunique() - len(pairs),
    }


def largest_centre_shift(before: pd.DataFrame, after: pd.DataFrame, pairs: Mapping[int, int]) -> float | None:
    """Return how far the centres of two models are apart at most.

    Parameters
    ----------
    before, after : DataFrame
        One row per cluster and feature of each model, of the same features: `cluster_id`, `feature`, `scaler_center`,
        `scaler_scale`, `scaled_centroid`, `scaled_deviation`.
    pairs : mapping of int to int
        Cluster of the model before, by cluster of the one after.

    Returns
    -------
    float or None
        Largest difference in any feature, in standard deviations of the customers of the later fit; None without pairs.
    """
    then, now = model_centres(before), model_centres(after)
    one = after.drop_duplicates("feature").set_index("feature")
    deviations = (one["scaler_scale"] * one["scaled_deviation"])[now.columns].to_numpy()
    shifts = [np.abs(now.loc[cluster] - then.loc[was]).to_numpy() / deviations for cluster, was in pairs.items()]
    return float(np.nanmax(shifts)) if shifts else None
