-- One row per customer in the default segmentation of the dataset: segment, first campaign, RFM group and money in one
-- table, so that a count or a sum over it counts every customer once.
with

primary_campaigns as (

    {{ primary_campaigns(ref('campaign_recommendations')) }}

),

final as (

    select
        {{ customer_key('customer_segments.dataset', 'customer_segments.customer_id') }} as customer_key,
        segments.segment_key,
        customer_segments.dataset,
        customer_segments.customer_id,
        customer_segments.segmentation,
        segments.segment_id,
        segments.persona,
        segments.rank,
        segments.colour,
        segments.segmentation_name,
        segments.dataset_name,
        customer_segments.is_borderline,
        customer_segments.previous_persona,
        customer_segments.changed_on,
        primary_campaigns.campaign_id,
        primary_campaigns.campaign,
        primary_campaigns.channel,
        primary_campaigns.offer,
        rfm_scores.rfm_group_id,
        rfm_scores.rfm_group,
        -- the money of `segment_sizes` is the sum of the same column
        rfm_scores.money as value,
        '{{ currency() }}' as currency,
        customer_segments.is_synthetic
    from {{ ref('customer_segments') }} as customer_segments
    inner join {{ ref('segments') }} as segments
        on
            customer_segments.segmentation = segments.segmentation
            and customer_segments.cluster_id = segments.cluster_id
            and segments.is_default
    left join primary_campaigns
        on
            customer_segments.segmentation = primary_campaigns.segmentation
            and customer_segments.persona = primary_campaigns.persona
    left join {{ ref('rfm_scores') }} as rfm_scores
        on
            customer_segments.dataset = rfm_scores.dataset
            and customer_segments.customer_id = rfm_scores.customer_id

)

select * from final
