{#
    The one campaign of each persona to run first, by the priority in the seeds; no two campaigns of a persona share a
    priority.
    Example: with primary_campaigns as ({{ primary_campaigns(ref('campaign_recommendations')) }})
#}
{% macro primary_campaigns(campaign_recommendations) %}
    select
        segmentation,
        persona,
        campaign_id,
        campaign,
        channel,
        offer
    from (
        select
            *,
            row_number() over (partition by segmentation, persona order by priority) as rank
        from {{ campaign_recommendations }}
    ) as ranked
    where rank = 1
{% endmacro %}
