-- One row per segmentation, cluster and feature of a model that the history does not have yet. The history keeps it for
-- good.
with

known as (

    select distinct
        segmentation,
        model_version
    from {{ ref('recorded_models') }}

),

final as (

    select
        fitted_clusters.dataset,
        days.day,
        fitted_clusters.segmentation,
        fitted_clusters.model_version,
        fitted_clusters.fitted_at,
        fitted_clusters.k,
        fitted_clusters.scaling,
        fitted_clusters.initialisation,
        fitted_clusters.fallback,
        fitted_clusters.customers,
        fitted_clusters.inertia,
        fitted_clusters.best_known_inertia,
        fitted_clusters.silhouette,
        fitted_clusters.silhouette_customers,
        fitted_clusters.squared_silhouette,
        fitted_clusters.fitted_on,
        fitted_clusters.coreset_rows,
        fitted_clusters.passes,
        fitted_clusters.stopped_because,
        fitted_clusters.centroid_shift,
        fitted_clusters.reseeded_clusters,
        fitted_clusters.iterations,
        fitted_clusters.starts,
        fitted_clusters.share_of_starts_at_best,
        fitted_clusters.cluster_id,
        fitted_clusters.cluster_customers,
        fitted_clusters.position,
        fitted_clusters.feature,
        fitted_clusters.transform,
        fitted_clusters.weight,
        fitted_clusters.scaler_center,
        fitted_clusters.scaler_scale,
        fitted_clusters.scaled_centroid,
        fitted_clusters.scaled_deviation,
        cluster_grades.bootstrap_jaccard
    from {{ ref('fitted_clusters') }} as fitted_clusters
    inner join {{ ref('build_days') }} as days
        on fitted_clusters.dataset = days.dataset
    left join {{ ref('cluster_grades') }} as cluster_grades
        on
            fitted_clusters.segmentation = cluster_grades.segmentation
            and fitted_clusters.cluster_id = cluster_grades.cluster_id
    left join known
        on
            fitted_clusters.segmentation = known.segmentation
            and fitted_clusters.model_version = known.model_version
    where known.model_version is null

)

select * from final
