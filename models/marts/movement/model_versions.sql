-- One row per segmentation and model that it has or had: how it was fitted, and on which day it was first used.
with

clusters as (

    {{ recorded_rows('model_clusters') }}
    union all
    select * from {{ ref('model_clusters') }}

),

features as (

    select
        segmentation,
        model_version,
        {{ dbt.listagg(
            "feature || case when transform = 'none' then '' else ' (' || transform || ')' end", "', '", 'order by position'
        ) }} as features
    from (
        select distinct
            segmentation,
            model_version,
            position,
            feature,
            transform
        from clusters
    ) as different_features
    group by segmentation, model_version

),

versions as (

    select
        dataset,
        segmentation,
        model_version,
        min(day) as first_used_on,
        min(fitted_at) as fitted_at,
        max(k) as k,
        max(scaling) as scaling,
        max(initialisation) as initialisation,
        max(customers) as customers,
        max(inertia) as inertia,
        max(silhouette) as silhouette,
        min(bootstrap_jaccard) as lowest_bootstrap_jaccard
    from clusters
    group by dataset, segmentation, model_version

),

final as (

    select
        versions.dataset,
        versions.segmentation,
        versions.model_version,
        versions.first_used_on,
        versions.fitted_at,
        features.features,
        versions.k,
        versions.scaling,
        versions.initialisation,
        versions.customers,
        versions.inertia,
        versions.silhouette,
        versions.lowest_bootstrap_jaccard,
        versions.model_version = fits.model_version as is_in_use
    from versions
    inner join features
        on versions.segmentation = features.segmentation and versions.model_version = features.model_version
    -- the history also keeps what is no longer built
    inner join {{ ref('segmentation_fits') }} as fits
        on versions.segmentation = fits.segmentation

)

select
    final.*,
    {{ is_synthetic_dataset('final.dataset') }} as is_synthetic
from final
