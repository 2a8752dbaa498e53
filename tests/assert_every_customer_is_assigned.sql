-- Fails for every cluster whose segment does not hold as many customers as Python counted when it fitted the cluster:
-- nobody is lost between the fit and the assignment in SQL, and both draw the same borders. A model that is
-- kept was fitted to the customers of another day.
with

fitted as (

    select distinct
        challengers.segmentation,
        challengers.cluster_id,
        challengers.cluster_customers
    from {{ ref('challengers') }} as challengers
    inner join {{ ref('fitted_clusters') }} as fitted_clusters
        on
            challengers.segmentation = fitted_clusters.segmentation
            and challengers.model_version = fitted_clusters.model_version

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
    coalesce(assigned.customers, 0) <> fitted.cluster_customers
    or coalesce(segments.customers, 0) <> fitted.cluster_customers
