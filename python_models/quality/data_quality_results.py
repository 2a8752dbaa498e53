"""Run the Great Expectations suites of the folder quality/: segmentation.quality.run_suites."""

from segmentation.frames import typed_relation
from segmentation.quality import DATA_QUALITY_RESULTS, load_suites, run_suites
from segmentation_tools.progress import doing


def model(dbt, session):
    settings = dbt.config.get("meta")
    relations = {
        "stg_mall__customer_rows": dbt.ref("stg_mall__customer_rows"),
        "stg_sales__customer_rows": dbt.ref("stg_sales__customer_rows"),
        "stg_retail__customer_rows": dbt.ref("stg_retail__customer_rows"),
        "stg_retail__transaction_rows": dbt.ref("stg_retail__transaction_rows"),
        "mall_customer_features": dbt.ref("mall_customer_features"),
        "sales_customer_features": dbt.ref("sales_customer_features"),
        "retail_customer_features": dbt.ref("retail_customer_features"),
        "customer_segments": dbt.ref("customer_segments"),
        "segments": dbt.ref("segments"),
        "campaign_recommendations": dbt.ref("campaign_recommendations"),
    }
    results = run_suites(load_suites(settings["suites"]), relations, settings["rows"], doing)
    return typed_relation(session, results, DATA_QUALITY_RESULTS)
