"""Compare today's customers with those of the fit: history.drift.drift_results."""

from customer_segmentation.history.drift import DRIFT_RESULTS, drift_results
from customer_segmentation.warehouse.frames import typed_relation


def model(dbt, session):
    return typed_relation(session, drift_results(dbt.ref("drift_counts").df()), DRIFT_RESULTS)
