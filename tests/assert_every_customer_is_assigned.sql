-- Fails for every segmentation whose fit, assignment and segments do not account for the same customers and clusters.
with

inputs as (

    select
        segmentation,
        count(*) as customers
    from {{ ref('segmentation_inputs') }}
    group by segmentation

),

assigned as (

    select
        segmentation,
        count(*) as customers
    from {{ ref('customer_segments') }}
    group by segmentation

),

described as (

    select
        segmentation,
        count(*) as clusters,
        sum(customers) as customers
    from {{ ref('segments') }}
    group by segmentation

)

select
    segmentation_fits.segmentation,
    segmentation_fits.k,
    described.clusters,
    segmentation_fits.customers as customers_fitted,
    inputs.customers as customers_in,
    assigned.customers as customers_assigned,
    described.customers as customers_described
from {{ ref('segmentation_fits') }} as segmentation_fits
left join inputs on segmentation_fits.segmentation = inputs.segmentation
left join assigned on segmentation_fits.segmentation = assigned.segmentation
left join described on segmentation_fits.segmentation = described.segmentation
where
    coalesce(described.clusters, 0) <> segmentation_fits.k
    or coalesce(inputs.customers, 0) <> segmentation_fits.customers
    or coalesce(assigned.customers, 0) <> segmentation_fits.customers
    or coalesce(described.customers, 0) <> segmentation_fits.customers
