-- One row per segmentation, recorded day and segment: its customers and their money.
with

states as (

    {{ recorded_rows('segment_states') }}
    union all
    select * from {{ ref('segment_states') }}

),

built as (

    -- the history also keeps what is no longer built
    select states.*
    from states
    inner join {{ ref('segmentation_fits') }} as fits
        on states.segmentation = fits.segmentation
    -- of days that were dropped, only the number of a segment may be left
    where states.customers is not null

),

final as (

    select
        dataset,
        segmentation,
        day,
        segment_id,
        persona,
        colour,
        model_version,
        customers,
        cast(customers as double) / nullif(sum(customers) over (partition by segmentation, day), 0)
            as share_of_customers,
        money,
        money / nullif({{ exact_sum('money', 'partition by segmentation, day') }}, 0) as share_of_money,
        {{ segment_key('segmentation', 'segment_id') }} as segment_key
    from built

)

select
    final.*,
    {{ is_synthetic_dataset('final.dataset') }} as is_synthetic
from final
