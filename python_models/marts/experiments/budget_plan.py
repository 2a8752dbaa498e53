"""Divide the next budget over what was measured: experiments.budget.budget_plan."""

from customer_segmentation.experiments.budget import BUDGET_PLAN, budget_plan
from customer_segmentation.warehouse.frames import typed_relation


def model(dbt, session):
    settings = dbt.config.get("meta")
    costs = dbt.ref("campaigns").project("campaign as campaign_id, assumed_cost_per_contact as cost_per_contact")
    plan = budget_plan(
        dbt.ref("campaign_effects").df(),
        costs.df(),
        dbt.ref("margins").df(),
        budget=settings["budget"],
        trial_share=settings["trial_share"],
    )
    return typed_relation(session, plan, BUDGET_PLAN)
