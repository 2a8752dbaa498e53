-- One row per segmentation, customer and day on which the customer was found in another segment than before.
with

events as (

    {{ recorded_rows('segment_events') }}
    union all
    select * from {{ ref('segment_events') }}

),

final as (

    select
        events.dataset,
        events.segmentation,
        events.customer_id,
        events.day as changed_on,
        events.from_segment_id,
        events.from_persona,
        events.segment_id as to_segment_id,
        events.persona as to_persona,
        cast({{ dbt.datediff('events.from_since', 'events.day', 'day') }} as int) as days_before,
        events.from_monetary_value as money_before,
        events.monetary_value as money_after,
        events.is_refitted
    from events
    -- the history also keeps what is no longer built
    inner join {{ ref('segmentation_fits') }} as fits
        on events.segmentation = fits.segmentation
    where events.event = 'moved'

)

select
    final.*,
    {{ is_synthetic_dataset('final.dataset') }} as is_synthetic
from final
