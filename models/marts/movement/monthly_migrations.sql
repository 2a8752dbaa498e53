-- One row per segmentation, month, segment at the end of the month before and segment at the end of the month: how many
-- customers went that way, and how many stayed, for datasets with purchases.
with

history as (

    select * from {{ ref('segment_history') }}

),

months as (

    select distinct
        segmentation,
        valid_from as month_end
    from history

),

first_months as (

    select
        segmentation,
        min(month_end) as month_end
    from months
    group by segmentation

),

moves as (

    select
        dataset,
        segmentation,
        valid_from as month_end,
        coalesce(from_segment_id, 0) as from_segment_id,
        from_persona,
        segment_id as to_segment_id,
        persona as to_persona,
        case when from_segment_id is null then 'came' else 'moved' end as movement,
        count(*) as customers,
        {{ exact_sum('money_before') }} as money_before,
        {{ exact_sum('money_after') }} as money_after
    from history
    group by dataset, segmentation, valid_from, from_segment_id, from_persona, segment_id, persona

),

-- a run that began before a month and did not end before it
stays as (

    select
        history.dataset,
        history.segmentation,
        months.month_end,
        history.segment_id as from_segment_id,
        history.persona as from_persona,
        history.segment_id as to_segment_id,
        history.persona as to_persona,
        'stayed' as movement,
        count(*) as customers,
        cast(null as double) as money_before,
        cast(null as double) as money_after
    from history
    inner join months
        on
            history.segmentation = months.segmentation
            and history.valid_from < months.month_end
            and coalesce(history.valid_to, months.month_end) >= months.month_end
    group by history.dataset, history.segmentation, months.month_end, history.segment_id, history.persona

),

migrations as (

    select * from moves
    union all
    select * from stays

),

final as (

    select migrations.*
    from migrations
    inner join first_months
        on migrations.segmentation = first_months.segmentation
    -- in its first month every customer is new
    where migrations.month_end > first_months.month_end

)

select
    final.*,
    {{ is_synthetic_dataset('final.dataset') }} as is_synthetic
from final
