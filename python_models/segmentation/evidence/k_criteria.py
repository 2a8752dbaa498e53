"""Compare numbers of clusters by seven criteria: evidence.k_criteria.compute_k_criteria."""

from customer_segmentation.evidence.k_criteria import K_CRITERIA, compute_k_criteria
from customer_segmentation.progress import Progress
from customer_segmentation.warehouse.frames import typed_relation


def model(dbt, session):
    settings = dbt.config.get("meta")
    coresets = dbt.ref("segmentation_coresets")
    criteria = compute_k_criteria(
        dbt.ref("applied_segmentations").df(),
        dbt.ref("segmentation_features").df(),
        dbt.ref("segmentation_samples").df(),
        dbt.ref("segmentation_statistics").df(),
        lambda segmentation: coresets.filter(f"segmentation = '{segmentation}'").df(),
        **settings["sizes"],
        repetitions=settings["repetitions"],
        auto_repetitions=settings["auto_repetitions"],
        starts=settings["starts"],
        seed=settings["seed"],
        progress=Progress("comparing numbers of segments"),
    )
    return typed_relation(session, criteria, K_CRITERIA)
