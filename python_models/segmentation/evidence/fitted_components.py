"""Find the principal components of the sampled customers: evidence.components.fit_components."""

from customer_segmentation.evidence.components import FITTED_COMPONENTS, fit_components
from customer_segmentation.evidence.samples import read_samples
from customer_segmentation.warehouse.frames import typed_relation


def model(dbt, session):
    settings = dbt.config.get("meta")
    samples = read_samples(
        dbt.ref("segmentation_samples").df(), dbt.ref("fitted_clusters").df(), customers=settings["customers"]
    )
    return typed_relation(session, fit_components(samples), FITTED_COMPONENTS)
