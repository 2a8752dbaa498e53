-- One row per problem with the seeds campaigns and persona_campaigns.
-- None if all is well.
with

segmentations as (

    select * from {{ ref('segmentations') }}

),

persona_definitions as (

    select * from {{ ref('persona_definitions') }}

),

campaigns as (

    select * from {{ ref('campaigns') }}

),

persona_campaigns as (

    select * from {{ ref('persona_campaigns') }}

),

problems as (

    -- persona_campaigns names a segmentation that exists
    select
        'seeds/judgement/persona_campaigns.csv' as file,
        'persona ' || persona as row_key,
        'segmentation' as column_name,
        segmentation as found,
        'one of ' || {{ list_of('segmentation', 'segmentations') }} as expected,
        'Correct the name, or define the segmentation in seeds/judgement/segmentations.csv.' as way_out
    from persona_campaigns
    where segmentation not in (select segmentations.segmentation from segmentations)

    union all

    -- persona_campaigns names a persona that exists
    select
        'seeds/judgement/persona_campaigns.csv' as file,
        'segmentation ' || persona_campaigns.segmentation as row_key,
        'persona' as column_name,
        persona_campaigns.persona as found,
        'a persona of this segmentation in seeds/judgement/persona_definitions.csv' as expected,
        'Correct the name, or define the persona there.' as way_out
    from persona_campaigns
    left join persona_definitions
        on
            persona_campaigns.segmentation = persona_definitions.segmentation
            and persona_campaigns.persona = persona_definitions.persona
    where persona_definitions.persona is null

    union all

    -- a campaign costs something or nothing
    select
        'seeds/judgement/campaigns.csv' as file,
        'campaign ' || campaign as row_key,
        'assumed_cost_per_contact' as column_name,
        cast(assumed_cost_per_contact as string) as found,
        '0 or more' as expected,
        'Correct the cost.' as way_out
    from campaigns
    where assumed_cost_per_contact < 0

    union all

    -- persona_campaigns names a campaign that exists
    select
        'seeds/judgement/persona_campaigns.csv' as file,
        'segmentation ' || segmentation || ', persona ' || persona as row_key,
        'campaign' as column_name,
        campaign as found,
        'a campaign of seeds/judgement/campaigns.csv' as expected,
        'Correct the name, or define the campaign there.' as way_out
    from persona_campaigns
    where campaign not in (select campaigns.campaign from campaigns)

    union all

    -- the priorities of a persona's campaigns differ, so that one comes first
    select
        'seeds/judgement/persona_campaigns.csv' as file,
        'segmentation ' || segmentation || ', persona ' || persona as row_key,
        'priority' as column_name,
        count(*) || ' campaigns with ' || count(distinct priority) || ' priorities' as found,
        'a different campaign and priority in each row' as expected,
        'Renumber the priorities, or delete the repeated campaign.' as way_out
    from persona_campaigns
    group by segmentation, persona
    having count(distinct priority) < count(*) or count(distinct campaign) < count(*)

)

select * from problems
