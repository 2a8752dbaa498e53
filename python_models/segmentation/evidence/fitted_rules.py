"""Describe every segment by a rule on the features: evidence.rules.fit_rules."""

from customer_segmentation.evidence.rules import FITTED_RULES, fit_rules
from customer_segmentation.evidence.samples import read_samples
from customer_segmentation.warehouse.frames import typed_relation


def model(dbt, session):
    settings = dbt.config.get("meta")
    samples = read_samples(
        dbt.ref("segmentation_samples").df(), dbt.ref("fitted_clusters").df(), customers=settings["customers"]
    )
    return typed_relation(session, fit_rules(samples, dbt.ref("features").df(), seed=settings["seed"]), FITTED_RULES)
