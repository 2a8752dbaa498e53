"""Estimate what each campaign changed: experiments.effects.campaign_effects."""

from customer_segmentation.experiments.effects import CAMPAIGN_EFFECTS, campaign_effects
from customer_segmentation.warehouse.frames import typed_relation


def model(dbt, session):
    settings = dbt.config.get("meta")
    effects = campaign_effects(
        dbt.ref("campaign_aggregates").df(), currency=settings["currency"], alpha=settings["alpha"]
    )
    return typed_relation(session, effects, CAMPAIGN_EFFECTS)
