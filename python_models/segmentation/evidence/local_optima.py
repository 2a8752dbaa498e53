"""List the best local optima of each fit: evidence.optima.describe_optima."""

from customer_segmentation.evidence.optima import FIT_OPTIMA, describe_optima
from customer_segmentation.evidence.samples import read_samples
from customer_segmentation.warehouse.frames import typed_relation


def model(dbt, session):
    settings = dbt.config.get("meta")
    coresets = dbt.ref("segmentation_coresets")
    fitted = dbt.ref("fitted_clusters").df()
    samples = read_samples(dbt.ref("segmentation_samples").df(), fitted, customers=settings["customers"])
    optima = describe_optima(
        samples,
        fitted.drop_duplicates("segmentation"),
        dbt.ref("persona_prototypes").df(),
        dbt.ref("segmentation_statistics").df(),
        lambda segmentation: coresets.filter(f"segmentation = '{segmentation}'").df(),
        starts=settings["starts"],
        seed=settings["seed"],
    )
    return typed_relation(session, optima, FIT_OPTIMA)
