-- One row per segmentation, persona and campaign: what to offer to which persona, through which channel, and why.
with

final as (

    select
        persona_campaigns.segmentation,
        personas.persona,
        campaigns.campaign as campaign_id,
        campaigns.display_name as campaign,
        campaigns.channel,
        campaigns.offer,
        campaigns.message,
        persona_campaigns.priority,
        persona_campaigns.rationale,
        coalesce(segments.customers, 0) as customers,
        campaigns.assumed_cost_per_contact,
        coalesce(segments.customers, 0) * campaigns.assumed_cost_per_contact as assumed_cost,
        campaigns.cost_assumption,
        '{{ currency() }}' as currency,
        personas.segment_key
    from {{ ref('persona_campaigns') }} as persona_campaigns
    inner join {{ ref('campaigns') }} as campaigns
        on persona_campaigns.campaign = campaigns.campaign
    inner join {{ ref('personas') }} as personas
        on
            persona_campaigns.segmentation = personas.segmentation
            and persona_campaigns.persona = personas.persona_id
    left join {{ ref('segments') }} as segments
        on
            personas.segmentation = segments.segmentation
            and personas.cluster_id = segments.cluster_id

)

select
    final.*,
    {{ is_synthetic_segmentation('final.segmentation') }} as is_synthetic
from final
