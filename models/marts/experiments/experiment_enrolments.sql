-- One row per experiment that has not started on the day of this build and customer of its personas: the arm, or why
-- the customer is left out. The history keeps these rows, and the last ones before the start are those that count.
select
    planned.dataset,
    planned.day,
    draws.experiment,
    planned.segmentation,
    draws.customer_id,
    -- a segment that no persona describes takes part under its key
    coalesce(personas.persona_id, draws.segment_key) as persona_id,
    personas.persona,
    personas.segment_id,
    draws.segment_key,
    draws.arm,
    draws.left_out_because,
    planned.campaign as campaign_id,
    planned.starts_on,
    planned.ends_on,
    planned.control_share,
    planned.outcome,
    planned.salt
from {{ ref('experiment_draws') }} as draws
inner join {{ ref('planned_experiments') }} as planned
    on draws.experiment = planned.experiment
inner join {{ ref('personas') }} as personas
    on draws.segment_key = personas.segment_key
