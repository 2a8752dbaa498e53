-- One row per segmentation and customer: the one campaign to run first, by the priority in the seeds.
-- Customers of a segment that no persona describes have a row without a campaign, so that nobody is lost.
with

ranked as (

    select
        segmentation,
        persona,
        campaign_id,
        campaign,
        channel,
        offer,
        row_number() over (partition by segmentation, persona order by priority) as rank
    from {{ ref('campaign_recommendations') }}

),

primary_campaigns as (

    select * from ranked
    where rank = 1

),

final as (

    select
        customer_segments.segmentation,
        customer_segments.dataset,
        customer_segments.customer_id,
        customer_segments.persona,
        primary_campaigns.campaign_id,
        primary_campaigns.campaign,
        primary_campaigns.channel,
        primary_campaigns.offer
    from {{ ref('customer_segments') }} as customer_segments
    left join primary_campaigns
        on
            customer_segments.segmentation = primary_campaigns.segmentation
            and customer_segments.persona = primary_campaigns.persona

)

select * from final
