-- One row per dataset, snapshot and sampled customer: the customer as known at a month end of the past, with nothing
-- that came later, beside what came later. `known` splits the history; `earlier` is as long before it as is judged
-- after it, for the baseline that learns.
{% set datasets = datasets_with_purchases() %}
with

months as (

    {% for dataset in datasets %}
    select
        '{{ dataset }}' as dataset,
        history.customer_id,
        history.month_end,
        history.recency_days,
        history.frequency,
        history.monetary_value,
        customers.first_purchase_date
    from {{ ref(dataset ~ '_customer_history') }} as history
    inner join {{ ref(dataset ~ '_customer_features') }} as customers
        on history.customer_id = customers.customer_id
    where {{ evidence_wanted() }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
    {{ no_rows(
        ['dataset', 'customer_id'], date=['month_end', 'first_purchase_date'],
        double=['recency_days', 'frequency', 'monetary_value']
    ) if not datasets }}

),

spans as (

    select
        dataset,
        max(month_end) as last_month_end,
        cast(floor(count(distinct month_end) * {{ var('prediction_share') }}) as int) as months_judged
    from months
    group by dataset

),

snapshots as (

    {% for snapshot in ['known', 'earlier'] %}
    select
        dataset,
        '{{ snapshot }}' as snapshot,
        {{ dbt.last_day(dbt.dateadd('month', '-' ~ loop.index ~ ' * months_judged', 'last_month_end'), 'month') }}
            as known_until,
        {{ dbt.last_day(dbt.dateadd('month', '-' ~ loop.index0 ~ ' * months_judged', 'last_month_end'), 'month') }}
            as judged_until
    from spans
    where months_judged > 0
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

known as (

    select
        months.*,
        snapshots.snapshot,
        snapshots.known_until,
        snapshots.judged_until,
        {{ dbt.datediff('months.first_purchase_date', 'snapshots.known_until', 'day') }} as age_days,
        md5(months.customer_id || ' {{ var("random_seed") }}') as draw
    from months
    inner join snapshots
        on months.dataset = snapshots.dataset and months.month_end = snapshots.known_until
    where months.frequency >= 1

),

sampled as (

    select
        known.*,
        row_number() over (partition by dataset, snapshot order by draw, customer_id) as sample_number
    from known

),

segments as (

    select
        history.dataset,
        history.customer_id,
        history.segment_id,
        history.valid_from,
        history.valid_to
    from {{ ref('segment_history') }} as history
    inner join {{ ref('segmentations') }} as segmentations
        on history.segmentation = segmentations.segmentation and segmentations.is_default

),

final as (

    select
        sampled.dataset,
        sampled.snapshot,
        sampled.customer_id,
        sampled.known_until,
        sampled.judged_until,
        {{ dbt.datediff('sampled.known_until', 'sampled.judged_until', 'day') }} / 7.0 as weeks_judged,
        cast(sampled.frequency - 1 as int) as frequency,
        {{ whole_weeks('sampled.age_days - sampled.recency_days') }} as recency_weeks,
        {{ whole_weeks('sampled.age_days') }} as age_weeks,
        sampled.monetary_value / sampled.frequency as amount,
        segments.segment_id as segment,
        later.frequency - sampled.frequency as later_purchases,
        later.monetary_value - sampled.monetary_value as later_money
    from sampled
    inner join months as later
        on
            sampled.dataset = later.dataset
            and sampled.customer_id = later.customer_id
            and sampled.judged_until = later.month_end
    left join segments
        on
            sampled.snapshot = 'known'
            and sampled.dataset = segments.dataset
            and sampled.customer_id = segments.customer_id
            and sampled.known_until between segments.valid_from
            and coalesce(segments.valid_to, sampled.known_until)
    where sampled.sample_number <= {{ var('prediction_customers') }}

)

select * from final
