-- One row per segmentation and customer: the segment in which the days before this build left the customer.
with

numbered as (

    select
        events.*,
        row_number() over (
            partition by events.segmentation, events.customer_id
            order by events.day desc
        ) as event_number
    from ({{ recorded_rows('segment_events') }}) as events

),

final as (

    select
        segmentation,
        dataset,
        customer_id,
        segment_id,
        persona,
        segment_since,
        previous_persona,
        changed_on,
        rfm_group,
        monetary_value
    from numbered
    where event_number = 1 and segment_id is not null

)

select * from final
