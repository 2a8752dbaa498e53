-- One row per segmentation and number of segments: seven criteria side by side.
with

final as (

    select
        k_criteria.segmentation,
        k_criteria.dataset,
        k_criteria.k,
        k_criteria.customers,
        k_criteria.fitted_on,
        k_criteria.coreset_rows,
        k_criteria.inertia,
        k_criteria.silhouette,
        k_criteria.silhouette_customers,
        k_criteria.calinski_harabasz,
        k_criteria.davies_bouldin,
        k_criteria.gap,
        k_criteria.gap_standard_error,
        k_criteria.prediction_strength,
        k_criteria.prediction_strength_standard_error,
        k_criteria.bootstrap_jaccard,
        k_criteria.bootstrap_jaccard_standard_error,
        k_criteria.worst_cluster_jaccard,
        k_criteria.worst_cluster_jaccard_standard_error,
        k_criteria.smallest_cluster,
        k_criteria.resampling_customers,
        k_criteria.gap_references,
        k_criteria.half_splits,
        k_criteria.bootstraps,
        k_criteria.seed,
        k_criteria.k = k_choices.recommended_k as is_recommended,
        k_criteria.k = segmentation_fits.k as is_in_use
    from {{ ref('k_criteria') }} as k_criteria
    inner join {{ ref('k_choices') }} as k_choices
        on k_criteria.segmentation = k_choices.segmentation
    inner join {{ ref('segmentation_fits') }} as segmentation_fits
        on k_criteria.segmentation = segmentation_fits.segmentation

)

select
    final.*,
    {{ is_synthetic_dataset('final.dataset') }} as is_synthetic
from final
