-- One row per segmentation, period between two recorded days, segment before and segment after: how many customers went
-- that way, and how many stayed.
with

days as (

    select
        segmentation,
        day,
        lag(day) over (
            partition by segmentation
            order by day
        ) as previous_day
    from (
        select distinct
            segmentation,
            day
        from {{ ref('segment_sizes') }}
    ) as recorded_days

),

events as (

    {{ recorded_rows('segment_events') }}
    union all
    select * from {{ ref('segment_events') }}

),

moves as (

    select
        dataset,
        segmentation,
        day,
        from_segment_id,
        max(from_persona) as from_persona,
        segment_id as to_segment_id,
        max(persona) as to_persona,
        count(*) as customers,
        {{ exact_sum('from_monetary_value') }} as money_before,
        {{ exact_sum('monetary_value') }} as money_after
    from events
    where event in ('new', 'moved', 'gone')
    group by dataset, segmentation, day, from_segment_id, segment_id

),

arrivals as (

    select
        segmentation,
        day,
        to_segment_id as segment_id,
        sum(customers) as customers,
        {{ exact_sum('money_after') }} as money
    from moves
    where to_segment_id is not null
    group by segmentation, day, to_segment_id

),

-- customers who are in a segment and did not arrive have stayed
stays as (

    select
        sizes.dataset,
        sizes.segmentation,
        sizes.day,
        sizes.segment_id as from_segment_id,
        sizes.persona as from_persona,
        sizes.segment_id as to_segment_id,
        sizes.persona as to_persona,
        sizes.customers - coalesce(arrivals.customers, 0) as customers,
        cast(null as double) as money_before,
        sizes.money - coalesce(arrivals.money, 0) as money_after
    from {{ ref('segment_sizes') }} as sizes
    left join arrivals
        on
            sizes.segmentation = arrivals.segmentation
            and sizes.day = arrivals.day
            and sizes.segment_id = arrivals.segment_id

),

migrations as (

    select * from moves
    union all
    select * from stays
    where customers > 0

),

final as (

    select
        migrations.dataset,
        migrations.segmentation,
        days.previous_day as period_start,
        migrations.day as period_end,
        coalesce(migrations.from_segment_id, 0) as from_segment_id,
        migrations.from_persona,
        coalesce(migrations.to_segment_id, 0) as to_segment_id,
        migrations.to_persona,
        case
            when migrations.from_segment_id is null then 'came'
            when migrations.to_segment_id is null then 'went'
            when migrations.from_segment_id = migrations.to_segment_id then 'stayed'
            else 'moved'
        end as movement,
        cast(migrations.customers as bigint) as customers,
        migrations.money_before,
        migrations.money_after
    from migrations
    inner join days
        on migrations.segmentation = days.segmentation and migrations.day = days.day
    -- on its first day every customer is new to a segmentation
    where days.previous_day is not null

)

select
    final.*,
    {{ is_synthetic_dataset('final.dataset') }} as is_synthetic
from final
