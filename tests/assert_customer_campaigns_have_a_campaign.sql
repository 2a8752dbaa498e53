-- Warns about customers without a campaign, because no persona describes their segment or the seeds give it none. A
-- segmentation that has no personas yet has nothing to give.
{{ config(severity = 'warn') }}
select
    customer_campaigns.segmentation,
    customer_campaigns.customer_id
from {{ ref('customer_campaigns') }} as customer_campaigns
where
    customer_campaigns.campaign_id is null
    and customer_campaigns.segmentation in (
        select persona_definitions.segmentation from {{ ref('persona_definitions') }} as persona_definitions
    )
