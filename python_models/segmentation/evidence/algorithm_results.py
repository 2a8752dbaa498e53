"""Cluster the sampled customers with other algorithms: segmentation.algorithms.compare_algorithms."""

from segmentation.algorithms import ALGORITHM_RESULTS, compare_algorithms
from segmentation.frames import typed_relation
from segmentation.samples import read_samples


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
