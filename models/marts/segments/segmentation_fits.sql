-- One row per segmentation: how it was fitted and how good the fit is.
with

fits as (

    select distinct
        segmentation,
        dataset,
        model_version,
        scaling,
        initialisation,
        fallback,
        k,
        customers,
        inertia,
        best_known_inertia,
        silhouette,
        silhouette_customers,
        squared_silhouette,
        fitted_on,
        coreset_rows,
        passes,
        stopped_because,
        centroid_shift,
        reseeded_clusters,
        iterations,
        starts,
        share_of_starts_at_best,
        fitted_at
    from {{ ref('fitted_clusters') }}

),

sizes as (

    select
        segmentation,
        count(*) as segmented_customers,
        cast(count(distinct cluster_id) as int) as filled_segments
    from {{ ref('customer_segments') }}
    group by segmentation

),

final as (

    select
        fits.*,
        sizes.segmented_customers,
        sizes.filled_segments,
        segmentations.segmentation_name,
        segmentations.is_default,
        segmentations.description
    from fits
    inner join {{ ref('applied_segmentations') }} as segmentations
        on fits.segmentation = segmentations.segmentation
    left join sizes on fits.segmentation = sizes.segmentation

)

select
    final.*,
    {{ is_synthetic_dataset('final.dataset') }} as is_synthetic
from final
