"""Give segments the ids that they had before the fit: history.identity.identify_segments."""

from customer_segmentation.history.identity import SEGMENT_IDENTITIES, identify_segments
from customer_segmentation.warehouse.frames import typed_relation


def model(dbt, session):
    limits = dbt.ref("stability_grades").df()["lowest_jaccard"]
    identities = identify_segments(
        dbt.ref("fitted_clusters").df(),
        dbt.ref("recorded_clusters").df(),
        dbt.ref("recorded_models").df(),
        dbt.ref("recorded_overlaps").df(),
        kept_from=limits.max(),
        new_below=limits[limits > 0].min(),
    )
    return typed_relation(session, identities, SEGMENT_IDENTITIES)
