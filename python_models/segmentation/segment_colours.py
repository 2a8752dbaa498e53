"""Give segments their colours: the palette, handed out by personas.colours.segment_colours."""

from customer_segmentation.personas.colours import SEGMENT_COLOURS, segment_colours
from customer_segmentation.warehouse.frames import typed_relation


def model(dbt, session):
    fitted, segmentations = dbt.ref("fitted_clusters").df(), dbt.ref("segmentations").df()
    matches, definitions = dbt.ref("persona_matches").df(), dbt.ref("persona_definitions").df()
    overlaps, palette = dbt.ref("cluster_overlaps").df(), dbt.ref("palette").df()
    clusters = fitted[["dataset", "segmentation", "cluster_id"]].drop_duplicates()
    clusters = clusters.merge(segmentations[["segmentation", "is_default"]], on="segmentation")
    priorities = matches.merge(definitions, on=["segmentation", "persona"])[["segmentation", "cluster_id", "priority"]]
    clusters = clusters.merge(priorities, on=["segmentation", "cluster_id"], how="left")
    kept = dbt.ref("kept_segments").df()
    colours = segment_colours(clusters, overlaps, list(palette.sort_values("position")["colour"]), kept)
    return typed_relation(session, colours, SEGMENT_COLOURS)
