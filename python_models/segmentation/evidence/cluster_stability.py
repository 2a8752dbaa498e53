"""Measure how stable each cluster is: evidence.stability.measure_stability."""

from customer_segmentation.evidence.samples import read_samples
from customer_segmentation.evidence.stability import CLUSTER_STABILITY, measure_stability
from customer_segmentation.warehouse.frames import typed_relation


def model(dbt, session):
    settings = dbt.config.get("meta")
    fitted = dbt.ref("fitted_clusters").df()
    samples = read_samples(dbt.ref("segmentation_samples").df(), fitted, customers=settings["customers"])
    stability = measure_stability(
        samples,
        fitted.drop_duplicates("segmentation"),
        dbt.ref("persona_prototypes").df(),
        dbt.ref("stability_grades").df(),
        bootstraps=settings["bootstraps"],
        seed=settings["seed"],
    )
    return typed_relation(session, stability, CLUSTER_STABILITY)
