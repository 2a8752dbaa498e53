"""Decide which segmentations this build fits: history.refits.plan_refits."""

from customer_segmentation.history.refits import REFIT_PLANS, plan_refits
from customer_segmentation.warehouse.frames import typed_relation


def model(dbt, session):
    settings = dbt.config.get("meta")
    plans = plan_refits(
        dbt.ref("k_choices").df(),
        dbt.ref("applied_segmentations").df(),
        dbt.ref("segmentation_features").df(),
        dbt.ref("champions").df(),
        dbt.ref("activated_models").df(),
        dbt.ref("drift_grades").df(),
        has_history=bool(settings["history_folder"]),
    )
    return typed_relation(session, plans, REFIT_PLANS)
