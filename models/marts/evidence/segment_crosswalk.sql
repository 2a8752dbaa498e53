-- One row per pair of segments from two segmentations of the same dataset: how many customers they share.
with

paired as (

    select
        customer_segments.dataset,
        customer_segments.segmentation,
        customer_segments.cluster_id,
        customer_segments.persona,
        others.segmentation as other_segmentation,
        others.cluster_id as other_cluster_id,
        others.persona as other_persona,
        count(*) as customers
    from {{ ref('customer_segments') }} as customer_segments
    inner join {{ ref('customer_segments') }} as others
        on
            customer_segments.dataset = others.dataset
            and customer_segments.customer_id = others.customer_id
            and customer_segments.segmentation <> others.segmentation
    where {{ evidence_wanted() }}
    group by
        customer_segments.dataset,
        customer_segments.segmentation,
        customer_segments.cluster_id,
        customer_segments.persona,
        others.segmentation,
        others.cluster_id,
        others.persona

),

final as (

    select
        dataset,
        segmentation,
        cluster_id,
        persona,
        other_segmentation,
        other_cluster_id,
        other_persona,
        customers,
        customers
        / cast(sum(customers) over (partition by segmentation, cluster_id, other_segmentation) as double)
            as share_of_segment,
        customers
        / cast(sum(customers) over (partition by segmentation, other_segmentation, other_cluster_id) as double)
            as share_of_other_segment
    from paired

)

select
    final.*,
    {{ is_synthetic_dataset('final.dataset') }} as is_synthetic
from final
