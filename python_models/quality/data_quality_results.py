"""Run the Great Expectations suites of the folder quality/: segmentation.quality.run_suites."""

from segmentation.frames import typed_relation
from segmentation.quality import DATA_QUALITY_RESULTS, asked_suites, load_suites, run_suites
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
    columns = dbt.ref("input_columns").filter("column_found is not null and read_as is not null")
    found = {f"{row[0]}.{row[1]}" for row in columns.project("input, read_as").fetchall()}
    results = run_suites(asked_suites(load_suites(settings["suites"]), found), relations, settings["rows"], doing)
    return typed_relation(session, results, DATA_QUALITY_RESULTS)
