-- One row per segmentation, customer and day on which the customer was found in another segment than before.
with

events as (

    {{ recorded_rows('segment_events') }}
    union all
    select * from {{ ref('segment_events') }}

),

final as (

    select
        dataset,
        segmentation,
        customer_id,
        day as changed_on,
        from_segment_id,
        from_persona,
        segment_id as to_segment_id,
        persona as to_persona,
        cast({{ dbt.datediff('from_since', 'day', 'day') }} as int) as days_before,
        from_monetary_value as money_before,
        monetary_value as money_after,
        is_refitted
    from events
    where event = 'moved'

)

select
    final.*,
    {{ is_synthetic_dataset('final.dataset') }} as is_synthetic
from final
