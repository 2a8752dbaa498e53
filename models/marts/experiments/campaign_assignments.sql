-- One row per experiment and customer who takes part: whether the customer gets the campaign.
with

enrolled as (

    select
        experiments.experiment,
        customer_segments.dataset,
        experiments.segmentation,
        customer_segments.customer_id,
        personas.persona_id,
        customer_segments.persona,
        customer_segments.segment_id,
        customer_segments.segment_key,
        {{ experiment_arm(
            'experiments.salt', 'customer_segments.customer_id', 'experiments.control_share'
        ) }} as arm,
        experiments.campaign as campaign_id,
        experiments.starts_on,
        cast({{ dbt.dateadd('day', 'experiments.window_days - 1', 'experiments.starts_on') }} as date) as ends_on,
        experiments.control_share,
        days.day as assigned_on
    from {{ ref('experiments') }} as experiments
    inner join {{ ref('customer_segments') }} as customer_segments
        on experiments.segmentation = customer_segments.segmentation
    inner join {{ ref('personas') }} as personas
        on customer_segments.segment_key = personas.segment_key
    inner join {{ ref('build_days') }} as days
        on customer_segments.dataset = days.dataset
    where
        experiments.personas is null
        or {{ dbt.position(
            "';' || personas.persona_id || ';'", "';' || replace(experiments.personas, ' ', '') || ';'"
        ) }} > 0

)

select
    enrolled.*,
    {{ is_synthetic_dataset('enrolled.dataset') }} as is_synthetic
from enrolled
