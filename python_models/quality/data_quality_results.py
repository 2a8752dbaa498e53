"""Run the Great Expectations suites of the folder quality/: segmentation.quality.run_suites."""

from segmentation.frames import typed_relation
from segmentation.quality import DATA_QUALITY_RESULTS, load_suites, run_suites


def model(dbt, session):
    settings = dbt.config.get("meta")
    frames = {
        "stg_mall__customer_rows": dbt.ref("stg_mall__customer_rows").df(),
        "mall_customer_features": dbt.ref("mall_customer_features").df(),
        "customer_segments": dbt.ref("customer_segments").df(),
        "segments": dbt.ref("segments").df(),
        "campaign_recommendations": dbt.ref("campaign_recommendations").df(),
    }
    results = run_suites(load_suites(settings["suites"]), frames)
    return typed_relation(session, results, DATA_QUALITY_RESULTS)
