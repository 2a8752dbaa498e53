-- One row per segmentation, cluster and feature of a model that the history does not have yet, in use or waiting to be
-- accepted. The history keeps it for good.
with

known as (

    select distinct
        segmentation,
        model_version
    from {{ ref('recorded_models') }}

),

waiting as (

    select segmentation
    from {{ ref('refit_decisions') }}
    where decision = 'waiting'

),

recorded as (

    {{ recorded_rows('model_clusters', with_today=true) }}

),

old_fingerprints as (

    select
        segmentation,
        model_version,
        max(seeds_fingerprint) as seeds_fingerprint,
        max(data_fingerprint) as data_fingerprint
    from recorded
    group by segmentation, model_version

),

new_models as (

    select fitted_clusters.* -- noqa: AM07
    from {{ ref('fitted_clusters') }} as fitted_clusters
    left join known
        on
            fitted_clusters.segmentation = known.segmentation
            and fitted_clusters.model_version = known.model_version
    where known.model_version is null

    union all by name

    select challengers.*
    from {{ ref('challengers') }} as challengers
    inner join waiting
        on challengers.segmentation = waiting.segmentation

),

in_use as (

    select distinct
        segmentation,
        model_version
    from {{ ref('fitted_clusters') }}

),

final as (

    select
        new_models.dataset,
        days.day,
        new_models.segmentation,
        new_models.model_version,
        new_models.fitted_at,
        new_models.k,
        new_models.scaling,
        new_models.initialisation,
        new_models.fallback,
        new_models.customers,
        new_models.inertia,
        new_models.best_known_inertia,
        new_models.silhouette,
        new_models.silhouette_customers,
        new_models.squared_silhouette,
        new_models.fitted_on,
        new_models.coreset_rows,
        new_models.passes,
        new_models.stopped_because,
        new_models.centroid_shift,
        new_models.reseeded_clusters,
        new_models.iterations,
        new_models.starts,
        new_models.share_of_starts_at_best,
        new_models.cluster_id,
        new_models.cluster_customers,
        new_models.position,
        new_models.feature,
        new_models.transform,
        new_models.weight,
        new_models.scaler_center,
        new_models.scaler_scale,
        new_models.scaled_centroid,
        new_models.scaled_deviation,
        cluster_grades.bootstrap_jaccard,
        coalesce(fingerprints.seeds_fingerprint, old_fingerprints.seeds_fingerprint) as seeds_fingerprint,
        coalesce(fingerprints.data_fingerprint, old_fingerprints.data_fingerprint) as data_fingerprint,
        in_use.model_version is not null as is_in_use
    from new_models
    inner join {{ ref('build_days') }} as days
        on new_models.dataset = days.dataset
    left join {{ ref('fit_fingerprints') }} as fingerprints
        on
            new_models.segmentation = fingerprints.segmentation
            and new_models.model_version = fingerprints.model_version
    left join old_fingerprints
        on
            new_models.segmentation = old_fingerprints.segmentation
            and new_models.model_version = old_fingerprints.model_version
    -- grades are those of the model in use
    left join in_use
        on new_models.segmentation = in_use.segmentation and new_models.model_version = in_use.model_version
    left join {{ ref('cluster_grades') }} as cluster_grades
        on
            in_use.segmentation = cluster_grades.segmentation
            and new_models.cluster_id = cluster_grades.cluster_id

),

-- what earlier builds of the same day recorded stays: somebody may go back to it
others as (

    select recorded.* replace (false as is_in_use)
    from recorded
    inner join {{ ref('build_days') }} as days
        on recorded.dataset = days.dataset and recorded.day = days.day
    left join final
        on recorded.segmentation = final.segmentation and recorded.model_version = final.model_version
    where final.model_version is null

)

select * from final -- noqa: AM07
union all by name
select * from others
