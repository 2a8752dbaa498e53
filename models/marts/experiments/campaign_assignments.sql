-- One row per experiment and customer who takes part: whether the customer gets the campaign. Up to the day before the
-- campaign starts it follows from the segments of this build, then it is what was recorded last.
with

enrolments as (

    select * from {{ ref('experiment_enrolments') }}
    union all
    select * from {{ ref('recorded_enrolments') }}

),

final as (

    select
        experiment,
        dataset,
        segmentation,
        customer_id,
        persona_id,
        persona,
        segment_id,
        segment_key,
        arm,
        campaign_id,
        starts_on,
        ends_on,
        control_share,
        day as assigned_on
    from enrolments
    where left_out_because is null

)

select
    final.*,
    {{ is_synthetic_dataset('final.dataset') }} as is_synthetic
from final
