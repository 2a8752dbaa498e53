-- One row per segmentation and customer: the segment in which the days before this build left the customer.
with

events as (

    {{ recorded_rows('segment_events') }}

),

first_days as (

    select
        segmentation,
        min(day) as day
    from events
    group by segmentation

),

-- few customers have an event after the first day, when all of them come: sorting all events would take longer
last_days as (

    select
        events.segmentation,
        events.customer_id,
        max(events.day) as day
    from events
    inner join first_days
        on events.segmentation = first_days.segmentation and events.day > first_days.day
    group by events.segmentation, events.customer_id

),

final as (

    select
        events.segmentation,
        events.dataset,
        events.customer_id,
        events.segment_id,
        events.persona,
        events.segment_since,
        events.previous_persona,
        events.changed_on,
        events.rfm_group,
        events.monetary_value
    from events
    left join last_days
        on events.segmentation = last_days.segmentation and events.customer_id = last_days.customer_id
    where
        coalesce(last_days.day = events.day, true)
        and events.segment_id is not null

)

select * from final
