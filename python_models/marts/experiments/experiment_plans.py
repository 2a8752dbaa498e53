"""Say whether each experiment is large enough to learn anything: experiments.power.experiment_plans."""

from customer_segmentation.experiments.power import EXPERIMENT_PLANS, experiment_plans
from customer_segmentation.warehouse.frames import typed_relation


def model(dbt, session):
    settings = dbt.config.get("meta")
    plans = experiment_plans(
        dbt.ref("campaign_aggregates").df(),
        effect_sought=settings["effect_sought"],
        power=settings["power"],
        alpha=settings["alpha"],
    )
    return typed_relation(session, plans, EXPERIMENT_PLANS)
