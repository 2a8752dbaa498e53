-- One row per segmentation: the number of segments each criterion picks, the recommended one and the one to fit.
-- The rule: among the numbers at which every segment is stable, the one that separates best; if there is none, the most
-- stable.
with

compared as (

    select
        segmentation,
        k,
        silhouette,
        gap,
        worst_cluster_jaccard - 2 * coalesce(worst_cluster_jaccard_standard_error, 0) as reached_jaccard,
        -- beyond the uncertainty of the number of repetitions
        worst_cluster_jaccard - 2 * coalesce(worst_cluster_jaccard_standard_error, 0)
        >= (
            select max(stability_grades.lowest_jaccard) from {{ ref('stability_grades') }} as stability_grades
        ) as is_stable,
        prediction_strength + coalesce(prediction_strength_standard_error, 0)
        >= {{ var('prediction_strength_threshold') }} as is_predictable,
        -- how far the curve lies below the straight line between its ends
        1.0
        - (k - min(k) over (partition by segmentation))
        / nullif(max(k) over (partition by segmentation) - min(k) over (partition by segmentation), 0)
        - (inertia - min(inertia) over (partition by segmentation))
        / nullif(
            max(inertia) over (partition by segmentation) - min(inertia) over (partition by segmentation), 0
        ) as bend,
        lead(gap) over (partition by segmentation order by k)
        - lead(gap_standard_error) over (partition by segmentation order by k) as gap_to_reach,
        max(silhouette) over (partition by segmentation) as best_silhouette,
        calinski_harabasz = max(calinski_harabasz) over (partition by segmentation) as is_best_calinski_harabasz,
        davies_bouldin = min(davies_bouldin) over (partition by segmentation) as is_best_davies_bouldin
    from {{ ref('k_criteria') }}

),

ranked as (

    select
        compared.*,
        -- the ends of the curve have no elbow
        bend > 1e-12 and bend = max(bend) over (partition by segmentation) as is_elbow,
        row_number() over (
            partition by segmentation
            order by
                case when is_stable then 0 else 1 end,
                case when is_stable then silhouette else reached_jaccard end desc nulls last,
                k
        ) as recommendation
    from compared

),

picked as (

    select
        segmentation,
        min(k) as smallest_k_compared,
        max(k) as largest_k_compared,
        min(case when is_elbow then k end) as elbow_k,
        min(case when silhouette = best_silhouette then k end) as silhouette_k,
        min(case when is_best_calinski_harabasz then k end) as calinski_harabasz_k,
        min(case when is_best_davies_bouldin then k end) as davies_bouldin_k,
        min(case when gap >= gap_to_reach then k end) as gap_k,
        max(case when is_predictable then k end) as prediction_strength_k,
        max(case when is_stable then k end) as bootstrap_k,
        min(case when recommendation = 1 then k end) as recommended_k
    from ranked
    group by segmentation

),

final as (

    select
        segmentations.segmentation,
        segmentations.dataset,
        segmentations.scaling,
        segmentations.initialisation,
        segmentations.k is null as is_auto,
        coalesce(segmentations.k, picked.recommended_k) as k,
        picked.smallest_k_compared,
        picked.largest_k_compared,
        picked.elbow_k,
        picked.silhouette_k,
        picked.calinski_harabasz_k,
        picked.davies_bouldin_k,
        picked.gap_k,
        picked.prediction_strength_k,
        picked.bootstrap_k,
        picked.recommended_k
    from {{ ref('applied_segmentations') }} as segmentations
    left join picked
        on segmentations.segmentation = picked.segmentation

)

select * from final
