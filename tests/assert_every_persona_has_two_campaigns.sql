-- Warns about personas with fewer than two campaigns: with one there is nothing to choose from, or to test against.
{{ config(severity = 'warn') }}
select
    persona_definitions.segmentation,
    persona_definitions.display_name,
    count(persona_campaigns.campaign) as campaigns
from {{ ref('persona_definitions') }} as persona_definitions
left join {{ ref('persona_campaigns') }} as persona_campaigns
    on
        persona_definitions.segmentation = persona_campaigns.segmentation
        and persona_definitions.persona = persona_campaigns.persona
group by persona_definitions.segmentation, persona_definitions.display_name
having count(persona_campaigns.campaign) < 2
