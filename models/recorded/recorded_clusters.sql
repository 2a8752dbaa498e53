-- One row per segmentation and segment of its last recorded day: the cluster, persona and colour that the segment had.
with

states as (

    {{ recorded_rows('segment_states') }}

),

last_days as (

    select
        segmentation,
        max(day) as day,
        max(segment_id) as highest_segment_id
    from states
    group by segmentation

),

final as (

    select
        states.segmentation,
        states.segment_id,
        states.cluster_id,
        states.persona_id,
        states.persona,
        states.claims,
        states.colour,
        states.model_version,
        states.day,
        last_days.highest_segment_id
    from states
    inner join last_days
        on states.segmentation = last_days.segmentation and states.day = last_days.day

)

select * from final
