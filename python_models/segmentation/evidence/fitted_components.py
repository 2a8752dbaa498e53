"""Find the principal components of the sampled customers: segmentation.components.fit_components."""

from segmentation.components import FITTED_COMPONENTS, fit_components
from segmentation.frames import typed_relation
from segmentation.samples import read_samples


def model(dbt, session):
    settings = dbt.config.get("meta")
    samples = read_samples(
        dbt.ref("segmentation_samples").df(), dbt.ref("fitted_clusters").df(), customers=settings["customers"]
    )
    return typed_relation(session, fit_components(samples), FITTED_COMPONENTS)
