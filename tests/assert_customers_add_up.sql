-- Fails for every segment of a default segmentation of which `customers` has another number of customers than
-- `segments`, or another sum of money than `segment_sizes` has on its last day; and for every dataset whose default
-- segmentation is missing. What a reader counts in the obvious table is the obvious number.
with

counted as (

    select
        segment_key,
        min(dataset) as dataset,
        count(*) as customers,
        {{ exact_sum('value') }} as money
    from {{ ref('customer_overview') }}
    group by segment_key

),

last_days as (

    select
        segmentation,
        max(day) as day
    from {{ ref('segment_sizes') }}
    group by segmentation

),

sizes as (

    select
        segments.dataset,
        segments.segment_key,
        segments.customers,
        segment_sizes.money
    from {{ ref('segments') }} as segments
    inner join last_days
        on segments.segmentation = last_days.segmentation
    left join {{ ref('segment_sizes') }} as segment_sizes
        on segments.segment_key = segment_sizes.segment_key and last_days.day = segment_sizes.day
    where segments.is_default

)

select
    sizes.dataset,
    sizes.segment_key,
    sizes.customers,
    counted.customers as customers_counted,
    sizes.money,
    counted.money as money_counted
from sizes
full outer join counted
    on sizes.segment_key = counted.segment_key
where
    sizes.customers is distinct from counted.customers
    or sizes.money is distinct from counted.money

union all

select
    datasets.dataset,
    null as segment_key,
    datasets.customers,
    null as customers_counted,
    null as money,
    null as money_counted
from {{ ref('datasets') }} as datasets
inner join {{ ref('segmentation_fits') }} as segmentation_fits
    on datasets.dataset = segmentation_fits.dataset
where datasets.dataset not in (select sizes.dataset from sizes)
