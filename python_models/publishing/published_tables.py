"""Publish the public tables: segmentation_tools.publishing.publish. The last node of the build."""

from datetime import UTC, datetime

import pandas as pd

from segmentation.frames import typed_relation
from segmentation.quality import stop_on_critical_failures
from segmentation_tools.progress import doing, note
from segmentation_tools.publishing import PUBLISHED_TABLES, publish


def model(dbt, session):
    relations = {
        "mall_customer_features": dbt.ref("mall_customer_features"),
        "sales_customer_features": dbt.ref("sales_customer_features"),
        "retail_customer_features": dbt.ref("retail_customer_features"),
        "retail_category_mix": dbt.ref("retail_category_mix"),
        "retail_customer_history": dbt.ref("retail_customer_history"),
        "customer_segments": dbt.ref("customer_segments"),
        "segments": dbt.ref("segments"),
        "segment_profiles": dbt.ref("segment_profiles"),
        "segment_genders": dbt.ref("segment_genders"),
        "personas": dbt.ref("personas"),
        "persona_trait_checks": dbt.ref("persona_trait_checks"),
        "campaign_recommendations": dbt.ref("campaign_recommendations"),
        "customer_campaigns": dbt.ref("customer_campaigns"),
        "rfm_scores": dbt.ref("rfm_scores"),
        "rfm_thresholds": dbt.ref("rfm_thresholds"),
        "rfm_groups": dbt.ref("rfm_groups"),
        "rfm_group_segments": dbt.ref("rfm_group_segments"),
        "cluster_centroids": dbt.ref("cluster_centroids"),
        "segmentation_fits": dbt.ref("segmentation_fits"),
        "prediction_features": dbt.ref("prediction_features"),
        "accepted_notations": dbt.ref("accepted_notations"),
        "scoring_models": dbt.ref("scoring_models"),
        "scoring_macros": dbt.ref("scoring_macros"),
        "k_selection": dbt.ref("k_selection"),
        "k_recommendation": dbt.ref("k_recommendation"),
        "fit_optima": dbt.ref("fit_optima"),
        "segment_stability": dbt.ref("segment_stability"),
        "algorithm_comparison": dbt.ref("algorithm_comparison"),
        "segment_rules": dbt.ref("segment_rules"),
        "principal_components": dbt.ref("principal_components"),
        "customer_components": dbt.ref("customer_components"),
        "customer_silhouettes": dbt.ref("customer_silhouettes"),
        "published_result_checks": dbt.ref("published_result_checks"),
        "segment_crosswalk": dbt.ref("segment_crosswalk"),
        "segmentation_agreement": dbt.ref("segmentation_agreement"),
        "feature_summary": dbt.ref("feature_summary"),
        "feature_histograms": dbt.ref("feature_histograms"),
        "feature_correlations": dbt.ref("feature_correlations"),
        "feature_relationships": dbt.ref("feature_relationships"),
        "category_counts": dbt.ref("category_counts"),
        "category_profiles": dbt.ref("category_profiles"),
        "category_effects": dbt.ref("category_effects"),
        "segment_distributions": dbt.ref("segment_distributions"),
        "datasets": dbt.ref("datasets"),
        "input_columns": dbt.ref("input_columns"),
        "rejected_rows": dbt.ref("rejected_rows"),
        "money_account": dbt.ref("money_account"),
        "skipped_segmentations": dbt.ref("skipped_segmentations"),
        "data_quality_results": dbt.ref("data_quality_results"),
    }
    # Not published, but nothing is published unless they could be made.
    dbt.ref("days")
    dbt.ref("segmented_customers")
    dbt.ref("checked_expectations")
    settings = dbt.config.get("meta")
    if dbt.is_empty:
        note("an empty build publishes nothing; what was published before is unchanged")
        return typed_relation(session, pd.DataFrame(columns=list(PUBLISHED_TABLES)), PUBLISHED_TABLES)
    stop_on_critical_failures(
        relations["data_quality_results"].df()
    )  # `dbt run` skips the tests that would have stopped
    macros = relations["scoring_macros"].project("macro_name, definition").order("macro_name").fetchall()
    published = publish(
        session,
        relations,
        settings["folder"],
        keys=settings["keys"],
        macros=macros,
        published_at=datetime.now(UTC).replace(tzinfo=None),
        now=doing,
    )
    return typed_relation(session, published, PUBLISHED_TABLES)
