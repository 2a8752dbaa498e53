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

final as (

    select
        fits.*,
        segmentations.segmentation_name,
        segmentations.is_default,
        segmentations.description
    from fits
    inner join {{ ref('applied_segmentations') }} as segmentations
        on fits.segmentation = segmentations.segmentation

)

select
    final.*,
    {{ is_synthetic_dataset('final.dataset') }} as is_synthetic
from final
