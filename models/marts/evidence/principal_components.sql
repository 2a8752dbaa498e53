-- One row per segmentation, principal component and feature: the directions along which customers differ most.
with

fitted_components as (

    select * from {{ ref('fitted_components') }}
    where {{ evidence_wanted() }}

),

final as (

    select
        fitted_components.segmentation,
        fitted_components.component,
        fitted_components.position,
        fitted_components.feature,
        features.label,
        fitted_components.loading,
        fitted_components.explained_variance,
        fitted_components.share_of_variance,
        fitted_components.cumulative_share_of_variance
    from fitted_components
    inner join {{ ref('segmentation_fits') }} as segmentation_fits
        on fitted_components.segmentation = segmentation_fits.segmentation
    inner join {{ ref('features') }} as features
        on
            segmentation_fits.dataset = features.dataset
            and fitted_components.feature = features.feature

)

select
    final.*,
    {{ is_synthetic_segmentation('final.segmentation') }} as is_synthetic
from final
