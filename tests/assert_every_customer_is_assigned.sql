-- Fails for every cluster whose segment does not hold as many customers as Python counted when it fitted the cluster:
-- nobody is lost between the fit and the assignment in SQL, and both draw the same borders. A model that is
-- kept was fitted to the customers of another day.
with

fitted as (

    select distinct
        segmentation,
        cluster_id,
        cluster_customers
    from {{ ref('fitted_clusters') }}

),

assigned as (

    select
        segmentation,
        cluster_id,
        count(*) as customers
    from {{ ref('customer_segments') }}
    group by segmentation, cluster_id

)

select
    fitted.segmentation,
    fitted.cluster_id,
    fitted.cluster_customers,
    assigned.customers as customers_assigned,
    segments.customers as customers_in_segment
from fitted
left join assigned
    on fitted.segmentation = assigned.segmentation and fitted.cluster_id = assigned.cluster_id
left join {{ ref('segments') }} as segments
    on fitted.segmentation = segments.segmentation and fitted.cluster_id = segments.cluster_id
where
    {{ 'false' if model_is_kept() else 'true' }}
    and (
        coalesce(assigned.customers, 0) <> fitted.cluster_customers
        or coalesce(segments.customers, 0) <> fitted.cluster_customers
    )
