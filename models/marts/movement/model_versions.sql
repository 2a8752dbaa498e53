-- One row per segmentation and model that it uses or used: how it was fitted, and on which day it was first used.
with

clusters as (

    {{ recorded_rows('model_clusters') }}
    union all
    select * from {{ ref('model_clusters') }}

),

states as (

    {{ recorded_rows('segment_states') }}
    union all
    select * from {{ ref('segment_states') }}

),

uses as (

    select
        segmentation,
        model_version,
        max(day) as last_used_on
    from states
    group by segmentation, model_version

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
        min(case when coalesce(is_in_use, true) then day end) as first_used_on,
        min(day) as as_of_date,
        min(fitted_at) as fitted_at,
        max(k) as k,
        max(scaling) as scaling,
        max(initialisation) as initialisation,
        max(customers) as customers,
        max(inertia) as inertia,
        max(silhouette) as silhouette,
        min(bootstrap_jaccard) as lowest_bootstrap_jaccard,
        max(seeds_fingerprint) as seeds_fingerprint,
        max(data_fingerprint) as data_fingerprint
    from clusters
    group by dataset, segmentation, model_version

),

final as (

    select
        versions.dataset,
        versions.segmentation,
        versions.model_version,
        versions.first_used_on,
        uses.last_used_on,
        versions.as_of_date,
        versions.fitted_at,
        features.features,
        versions.k,
        versions.scaling,
        versions.initialisation,
        versions.customers,
        versions.inertia,
        versions.silhouette,
        versions.lowest_bootstrap_jaccard,
        versions.seeds_fingerprint,
        versions.data_fingerprint,
        versions.model_version = fits.model_version as is_in_use
    from versions
    inner join features
        on versions.segmentation = features.segmentation and versions.model_version = features.model_version
    -- the history also keeps what is no longer built
    inner join {{ ref('segmentation_fits') }} as fits
        on versions.segmentation = fits.segmentation
    left join uses
        on versions.segmentation = uses.segmentation and versions.model_version = uses.model_version
    -- a fit that was not accepted was never used
    where versions.first_used_on is not null

)

select
    final.*,
    {{ is_synthetic_dataset('final.dataset') }} as is_synthetic
from final
