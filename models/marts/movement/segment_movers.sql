-- One row per segmentation and valuable customer whose last move was to a segment that is worth less: whom to win back
-- first.
with

segments as (

    select
        segmentation,
        segment_id,
        money / nullif(customers, 0) as mean_money
    from {{ ref('segment_states') }}

),

totals as (

    select
        segmentation,
        {{ exact_sum('money') }} / nullif(sum(customers), 0) as mean_money
    from {{ ref('segment_states') }}
    group by segmentation

),

-- the customer's last change, as long as the customer is where it led to
changes as (

    select
        segment_changes.*,
        customer_segments.persona,
        customer_segments.days_in_segment
    from {{ ref('segment_changes') }} as segment_changes
    inner join {{ ref('customer_segments') }} as customer_segments
        on
            segment_changes.segmentation = customer_segments.segmentation
            and segment_changes.customer_id = customer_segments.customer_id
            and segment_changes.changed_on = customer_segments.changed_on
            and segment_changes.to_segment_id = customer_segments.segment_id

),

final as (

    select
        changes.dataset,
        changes.segmentation,
        changes.customer_id,
        changes.changed_on,
        changes.from_segment_id,
        changes.from_persona,
        changes.to_segment_id,
        changes.persona as to_persona,
        changes.days_in_segment,
        changes.money_before,
        changes.money_after,
        segments_before.mean_money as segment_mean_before,
        segments_after.mean_money as segment_mean_after,
        changes.is_refitted
    from changes
    inner join totals
        on changes.segmentation = totals.segmentation
    inner join segments as segments_before
        on changes.segmentation = segments_before.segmentation and changes.from_segment_id = segments_before.segment_id
    inner join segments as segments_after
        on changes.segmentation = segments_after.segmentation and changes.to_segment_id = segments_after.segment_id
    where
        changes.money_before > totals.mean_money
        and segments_before.mean_money > totals.mean_money
        and segments_after.mean_money < segments_before.mean_money

)

select
    final.*,
    {{ is_synthetic_dataset('final.dataset') }} as is_synthetic
from final
