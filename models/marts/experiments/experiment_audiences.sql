-- One row per experiment and step on the way from the customers of its personas to the two arms: how many are left, and
-- how many were left out, and why.
{{ config(post_hook='{{ warn_of_experiments() }}') }}
{# step, customers, left out, why: the arms are counted and the steps before subtracted, so that a test compares both #}
{% set contactable = 'eligible - suppressed - without_consent' %}
{% set steps = [
    ['eligible', 'eligible', '0', 'null'],
    [
        'contactable', contactable, 'suppressed + without_consent',
        "suppressed || ' suppressed, ' || without_consent || ' without consent'",
    ],
    ['not in another experiment', contactable ~ ' - busy', 'busy', "'in an experiment whose window overlaps'"],
    ['not capped', contactable ~ ' - busy - capped', 'capped', "'treated by an experiment that started too recently'"],
    ['assigned', 'treated + control', '0', 'null'],
    ['treated', 'treated', 'control', "'in the control'"],
    ['control', 'control', 'treated', "'treated'"],
] %}
with

enrolments as (

    select * from {{ ref('experiment_enrolments') }}
    union all
    select * from {{ ref('recorded_enrolments') }}

),

counted as (

    select
        experiment,
        count(*) as eligible,
        count(case when left_out_because = 'suppressed' then 1 end) as suppressed,
        count(case when left_out_because = 'no consent' then 1 end) as without_consent,
        count(case when left_out_because = 'in another experiment' then 1 end) as busy,
        count(case when left_out_because = 'contacted too recently' then 1 end) as capped,
        count(case when arm = 'treated' then 1 end) as treated,
        count(case when arm = 'control' then 1 end) as control
    from enrolments
    group by experiment

),

planned as (

    select
        experiments.experiment,
        segmentations.dataset,
        experiments.segmentation,
        experiments.campaign as campaign_id,
        campaigns.display_name as campaign,
        campaigns.channel,
        campaigns.offer,
        experiments.starts_on,
        {{ window_end('experiments.starts_on', 'experiments.window_days') }} as ends_on,
        experiments.minimum_control,
        days.day,
        counted.experiment is null as has_no_rows,
        coalesce(counted.eligible, 0) as eligible,
        coalesce(counted.suppressed, 0) as suppressed,
        coalesce(counted.without_consent, 0) as without_consent,
        coalesce(counted.busy, 0) as busy,
        coalesce(counted.capped, 0) as capped,
        coalesce(counted.treated, 0) as treated,
        coalesce(counted.control, 0) as control
    from {{ ref('experiments') }} as experiments
    inner join {{ ref('segmentations') }} as segmentations
        on experiments.segmentation = segmentations.segmentation
    inner join {{ ref('build_days') }} as days
        on segmentations.dataset = days.dataset
    inner join {{ ref('campaigns') }} as campaigns
        on experiments.campaign = campaigns.campaign
    left join counted
        on experiments.experiment = counted.experiment

),

judged as (

    select
        *,
        case
            when has_no_rows and starts_on <= day then 'not assigned'
            when ends_on < day then 'finished'
            when control < minimum_control then 'control too small'
            when starts_on <= day then 'running'
            else 'planned'
        end as status
    from planned

),

steps as (

    {% for step, customers, left_out, because in steps %}
    select
        experiment,
        {{ loop.index }} as position,
        '{{ step }}' as step,
        {{ customers }} as customers,
        {{ left_out }} as left_out,
        case when {{ left_out }} > 0 then {{ because }} end as left_out_because
    from judged
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

final as (

    select
        judged.experiment,
        judged.dataset,
        judged.segmentation,
        judged.campaign_id,
        judged.campaign,
        judged.channel,
        judged.offer,
        judged.day,
        judged.starts_on,
        judged.ends_on,
        judged.status,
        judged.minimum_control,
        steps.position,
        steps.step,
        steps.customers,
        steps.left_out,
        steps.left_out_because
    from judged
    inner join steps
        on judged.experiment = steps.experiment

)

select
    final.*,
    {{ is_synthetic_dataset('final.dataset') }} as is_synthetic
from final
