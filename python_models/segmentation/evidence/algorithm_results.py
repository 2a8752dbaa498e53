"""Cluster the sampled customers with other algorithms: evidence.algorithms.compare_algorithms."""

from customer_segmentation.evidence.algorithms import ALGORITHM_RESULTS, compare_algorithms
from customer_segmentation.evidence.samples import read_samples
from customer_segmentation.warehouse.frames import typed_relation


def model(dbt, session):
    settings = dbt.config.get("meta")
    results = compare_algorithms(
        read_samples(
            dbt.ref("segmentation_samples").df(), dbt.ref("fitted_clusters").df(), customers=settings["customers"]
        ),
        dbt.ref("applied_segmentations").df(),
        thorough=settings["evidence"] == "full",
        seed=settings["seed"],
    )
    return typed_relation(session, results, ALGORITHM_RESULTS)
