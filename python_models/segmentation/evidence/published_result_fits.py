"""Check figures that others published: segmentation.published_results.check_published_results."""

from segmentation.frames import typed_relation
from segmentation.published_results import PUBLISHED_RESULT_FITS, check_published_results


def model(dbt, session):
    settings = dbt.config.get("meta")
    checks = check_published_results(
        dbt.ref("published_results").df(),
        dbt.ref("published_result_values").order("dataset, customer_id, feature").df(),
        seed=settings["seed"],
    )
    return typed_relation(session, checks, PUBLISHED_RESULT_FITS)
