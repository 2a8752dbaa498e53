"""Describe every segment by a rule on the features: segmentation.rules.fit_rules."""

from segmentation.frames import typed_relation
from segmentation.rules import FITTED_RULES, fit_rules
from segmentation.samples import read_samples


def model(dbt, session):
    settings = dbt.config.get("meta")
    samples = read_samples(
        dbt.ref("segmentation_samples").df(), dbt.ref("fitted_clusters").df(), customers=settings["customers"]
    )
    return typed_relation(session, fit_rules(samples, dbt.ref("features").df(), seed=settings["seed"]), FITTED_RULES)
