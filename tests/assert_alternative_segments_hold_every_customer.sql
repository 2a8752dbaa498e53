-- Whatever the number of segments, they hold every customer of the segmentation once; those in use are the published.
with

alternatives as (

    select
        segmentation,
        k,
        cluster_id,
        is_in_use,
        max(customers) as customers
    from {{ ref('alternative_segments') }}
    group by segmentation, k, cluster_id, is_in_use

),

segments as (

    select * from {{ ref('segments') }}

),

expected as (

    select
        segmentation,
        sum(customers) as customers
    from segments
    group by segmentation

),

totals as (

    select
        segmentation,
        k,
        sum(customers) as customers
    from alternatives
    group by segmentation, k

)

select
    expected.segmentation,
    totals.k,
    cast(null as int) as cluster_id,
    totals.customers,
    expected.customers as expected
from expected
left join totals
    on expected.segmentation = totals.segmentation
where totals.customers is null or totals.customers <> expected.customers

union all

select
    segments.segmentation,
    alternatives.k,
    segments.cluster_id,
    alternatives.customers,
    segments.customers as expected
from segments
left join alternatives
    on
        segments.segmentation = alternatives.segmentation
        and segments.cluster_id = alternatives.cluster_id
        and alternatives.is_in_use
where alternatives.customers is null or alternatives.customers <> segments.customers
