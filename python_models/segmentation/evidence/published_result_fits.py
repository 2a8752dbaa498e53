"""Check figures that others published: evidence.published_results.check_published_results."""

from customer_segmentation.evidence.published_results import PUBLISHED_RESULT_FITS, check_published_results
from customer_segmentation.warehouse.frames import typed_relation


def model(dbt, session):
    settings = dbt.config.get("meta")
    checks = check_published_results(
        dbt.ref("published_results").df(),
        dbt.ref("published_result_values").order("dataset, customer_id, feature").df(),
        seed=settings["seed"],
    )
    return typed_relation(session, checks, PUBLISHED_RESULT_FITS)
