"""Judge predictions by what came later: lifetime_value.checks.check_predictions."""

from customer_segmentation.lifetime_value.checks import PREDICTION_RESULTS, check_predictions
from customer_segmentation.warehouse.frames import typed_relation


def model(dbt, session):
    settings = dbt.config.get("meta")
    results = check_predictions(
        dbt.ref("prediction_inputs").order("dataset, snapshot, customer_id").df(),
        bootstraps=settings["bootstraps"],
        repeat_buyers=settings["repeat_buyers"],
        seed=settings["seed"],
    )
    return typed_relation(session, results, PREDICTION_RESULTS)
