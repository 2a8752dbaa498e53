-- One row per segmentation and customer: the one campaign to run first, by the priority in the seeds.
-- Customers in a segment without a persona have a row without a campaign, so every customer is in the table.
with

primary_campaigns as (

    {{ primary_campaigns(ref('campaign_recommendations')) }}

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
        primary_campaigns.offer,
        customer_segments.segment_key,
        uncontactable_customers.reason as no_contact_because
    from {{ ref('customer_segments') }} as customer_segments
    left join primary_campaigns
        on
            customer_segments.segmentation = primary_campaigns.segmentation
            and customer_segments.persona = primary_campaigns.persona
    left join {{ ref('uncontactable_customers') }} as uncontactable_customers
        on
            customer_segments.dataset = uncontactable_customers.dataset
            and customer_segments.customer_id = uncontactable_customers.customer_id

)

select
    final.*,
    {{ is_synthetic_dataset('final.dataset') }} as is_synthetic
from final
