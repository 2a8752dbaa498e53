-- One row per problem with the seeds campaigns, persona_campaigns and rfm_group_campaigns.
-- Empty if there is none.
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

rfm_group_definitions as (

    select * from {{ ref('rfm_group_definitions') }}

),

rfm_group_campaigns as (

    select * from {{ ref('rfm_group_campaigns') }}

),

problems as (

    -- persona_campaigns names a segmentation that exists
    {{ problem(
        'persona_campaigns', ['persona'], 'segmentation',
        "segmentation",
        "'one of ' || " ~ list_of('segmentation', 'segmentations'),
        "Correct the name, or define the segmentation in seeds/judgement/segmentations.csv."
    ) }}
    from persona_campaigns
    where segmentation not in (select segmentations.segmentation from segmentations)

    union all

    -- persona_campaigns names a persona that exists
    {{ problem(
        'persona_campaigns', ['persona_campaigns.segmentation'], 'persona',
        "persona_campaigns.persona",
        "'a persona of this segmentation in seeds/judgement/persona_definitions.csv'",
        "Correct the name, or define the persona there."
    ) }}
    from persona_campaigns
    left join persona_definitions
        on
            persona_campaigns.segmentation = persona_definitions.segmentation
            and persona_campaigns.persona = persona_definitions.persona
    where persona_definitions.persona is null

    union all

    -- a campaign cost is not negative
    {{ problem(
        'campaigns', ['campaign'], 'assumed_cost_per_contact',
        "cast(assumed_cost_per_contact as string)", "'0 or more'", "Correct the cost."
    ) }}
    from campaigns
    where assumed_cost_per_contact < 0

    union all

    -- persona_campaigns names a campaign that exists
    {{ problem(
        'persona_campaigns', ['segmentation', 'persona'], 'campaign',
        "campaign",
        "'a campaign of seeds/judgement/campaigns.csv'",
        "Correct the name, or define the campaign there."
    ) }}
    from persona_campaigns
    where campaign not in (select campaigns.campaign from campaigns)

    union all

    -- the priorities of a persona's campaigns are distinct, so that one comes first
    {{ problem(
        'persona_campaigns', ['segmentation', 'persona'], 'priority',
        "count(*) || ' campaigns with ' || count(distinct priority) || ' priorities'",
        "'a different campaign and priority in each row'",
        "Renumber the priorities, or delete the repeated campaign."
    ) }}
    from persona_campaigns
    group by segmentation, persona
    having count(distinct priority) < count(*) or count(distinct campaign) < count(*)

    union all

    -- rfm_group_campaigns names a dataset that has RFM groups
    {{ problem(
        'rfm_group_campaigns', ['rfm_group', 'campaign'], 'dataset',
        "dataset",
        "'a dataset with rows in seeds/judgement/rfm_measures.csv'",
        "Correct the name, or define the measures of the dataset there."
    ) }}
    from rfm_group_campaigns
    where dataset not in (select rfm_measures.dataset from {{ ref('rfm_measures') }} as rfm_measures)

    union all

    -- rfm_group_campaigns names a group that exists
    {{ problem(
        'rfm_group_campaigns', ['dataset', 'campaign'], 'rfm_group',
        "rfm_group",
        "'one of ' || " ~ list_of('rfm_group', 'rfm_group_definitions'),
        "Correct the name, or define the group in seeds/judgement/rfm_group_definitions.csv."
    ) }}
    from rfm_group_campaigns
    where rfm_group not in (select rfm_group_definitions.rfm_group from rfm_group_definitions)

    union all

    -- rfm_group_campaigns names a campaign that exists
    {{ problem(
        'rfm_group_campaigns', ['dataset', 'rfm_group'], 'campaign',
        "campaign",
        "'a campaign of seeds/judgement/campaigns.csv'",
        "Correct the name, or define the campaign there."
    ) }}
    from rfm_group_campaigns
    where campaign not in (select campaigns.campaign from campaigns)

    union all

    -- the priorities of a group's campaigns are distinct, so that one comes first
    {{ problem(
        'rfm_group_campaigns', ['dataset', 'rfm_group'], 'priority',
        "count(*) || ' campaigns with ' || count(distinct priority) || ' priorities'",
        "'a different campaign and priority in each row'",
        "Renumber the priorities, or delete the repeated campaign."
    ) }}
    from rfm_group_campaigns
    group by dataset, rfm_group
    having count(distinct priority) < count(*) or count(distinct campaign) < count(*)

)

select * from problems
