-- One row per segmentation, cluster and RFM group that share customers: where the two segmentations agree and where
-- they differ.
with

counted as (

    select
        customer_segments.segmentation,
        customer_segments.dataset,
        customer_segments.cluster_id,
        customer_segments.persona,
        rfm_scores.rfm_group_id,
        rfm_scores.rfm_group,
        count(*) as customers
    from {{ ref('customer_segments') }} as customer_segments
    inner join {{ ref('rfm_scores') }} as rfm_scores
        on
            customer_segments.dataset = rfm_scores.dataset
            and customer_segments.customer_id = rfm_scores.customer_id
    group by
        customer_segments.segmentation,
        customer_segments.dataset,
        customer_segments.cluster_id,
        customer_segments.persona,
        rfm_scores.rfm_group_id,
        rfm_scores.rfm_group

),

shares as (

    select
        counted.*,
        cast(sum(customers) over (partition by segmentation) as double) as all_customers,
        cast(sum(customers) over (partition by segmentation, cluster_id) as double) as segment_customers,
        cast(sum(customers) over (partition by segmentation, rfm_group_id) as double) as group_customers
    from counted

),

final as (

    select
        shares.segmentation,
        shares.dataset,
        shares.cluster_id,
        shares.persona,
        shares.rfm_group_id,
        shares.rfm_group,
        shares.customers,
        shares.customers / shares.segment_customers as share_of_segment,
        shares.customers / shares.group_customers as share_of_group,
        100 * shares.customers * shares.all_customers / (shares.segment_customers * shares.group_customers)
            as index_to_independence,
        personas.segment_key
    from shares
    inner join {{ ref('personas') }} as personas
        on shares.segmentation = personas.segmentation and shares.cluster_id = personas.cluster_id

)

select
    final.*,
    {{ is_synthetic_dataset('final.dataset') }} as is_synthetic
from final
