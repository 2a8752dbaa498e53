-- One row per segmentation, cluster and feature: the model itself. These rows are enough to assign a customer.
with

final as (

    select
        segmentation,
        model_version,
        cluster_id,
        position,
        feature,
        transform,
        {{ untransformed_by('(scaler_center + scaled_centroid * scaler_scale)', 'transform') }} as centroid,
        scaled_centroid,
        scaler_center,
        scaler_scale
    from {{ ref('fitted_clusters') }}

)

select
    final.*,
    {{ is_synthetic_segmentation('final.segmentation') }} as is_synthetic
from final
