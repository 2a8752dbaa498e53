"""Publish the public tables: segmentation_tools.publishing.publish. The last node of the build."""

from datetime import UTC, datetime

from segmentation.frames import typed_relation
from segmentation.quality import stop_on_critical_failures
from segmentation_tools.publishing import PUBLISHED_TABLES, publish


def model(dbt, session):
    relations = {
        "mall_customer_features": dbt.ref("mall_customer_features"),
        "customer_segments": dbt.ref("customer_segments"),
        "segments": dbt.ref("segments"),
        "segment_profiles": dbt.ref("segment_profiles"),
        "segment_genders": dbt.ref("segment_genders"),
        "personas": dbt.ref("personas"),
        "persona_trait_checks": dbt.ref("persona_trait_checks"),
        "campaign_recommendations": dbt.ref("campaign_recommendations"),
        "customer_campaigns": dbt.ref("customer_campaigns"),
        "cluster_centroids": dbt.ref("cluster_centroids"),
        "segmentation_fits": dbt.ref("segmentation_fits"),
        "rejected_rows": dbt.ref("rejected_rows"),
        "data_quality_results": dbt.ref("data_quality_results"),
    }
    settings = dbt.config.get("meta")
    stop_on_critical_failures(
        relations["data_quality_results"].df()
    )  # `dbt run` skips the tests that would have stopped
    published = publish(session, relations, settings["folder"], published_at=datetime.now(UTC).replace(tzinfo=None))
    return typed_relation(session, published, PUBLISHED_TABLES)
