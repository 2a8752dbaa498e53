-- One row per pair of segmentations of a dataset: how similar they are (adjusted Rand index, Hubert and Arabie 1985).
with

pairs as (

    select
        dataset,
        segmentation,
        cluster_id,
        other_segmentation,
        other_cluster_id,
        customers,
        customers * (customers - 1) / 2.0 as pairs_together
    from {{ ref('segment_crosswalk') }}

),

segments as (

    select
        segmentation,
        other_segmentation,
        cluster_id,
        sum(customers) * (sum(customers) - 1) / 2.0 as pairs_in_segment
    from pairs
    group by segmentation, other_segmentation, cluster_id

),

other_segments as (

    select
        segmentation,
        other_segmentation,
        other_cluster_id,
        sum(customers) * (sum(customers) - 1) / 2.0 as pairs_in_segment
    from pairs
    group by segmentation, other_segmentation, other_cluster_id

),

within_segments as (

    select
        segmentation,
        other_segmentation,
        sum(pairs_in_segment) as pairs_within
    from segments
    group by segmentation, other_segmentation

),

within_other_segments as (

    select
        segmentation,
        other_segmentation,
        sum(pairs_in_segment) as pairs_within
    from other_segments
    group by segmentation, other_segmentation

),

totals as (

    select
        dataset,
        segmentation,
        other_segmentation,
        sum(customers) as customers,
        sum(pairs_together) as pairs_together,
        sum(customers) * (sum(customers) - 1) / 2.0 as all_pairs
    from pairs
    group by dataset, segmentation, other_segmentation

),

expected as (

    select
        totals.dataset,
        totals.segmentation,
        totals.other_segmentation,
        totals.customers,
        cast(totals.pairs_together as double) as pairs_together,
        cast(within_segments.pairs_within as double) * within_other_segments.pairs_within / totals.all_pairs
            as pairs_by_chance,
        (cast(within_segments.pairs_within as double) + within_other_segments.pairs_within) / 2 as pairs_at_most
    from totals
    inner join within_segments
        on
            totals.segmentation = within_segments.segmentation
            and totals.other_segmentation = within_segments.other_segmentation
    inner join within_other_segments
        on
            totals.segmentation = within_other_segments.segmentation
            and totals.other_segmentation = within_other_segments.other_segmentation

),

final as (

    select
        dataset,
        segmentation,
        other_segmentation,
        cast(customers as bigint) as customers,
        (pairs_together - pairs_by_chance) / nullif(pairs_at_most - pairs_by_chance, 0) as adjusted_rand_index
    from expected

)

select
    final.*,
    {{ is_synthetic_dataset('final.dataset') }} as is_synthetic
from final
