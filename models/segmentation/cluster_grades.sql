-- One row per segmentation and cluster: how stable it is, and the best grade whose limit it reaches.
with

ranked as (

    select
        cluster_stability.*,
        stability_grades.grade as stability_grade,
        row_number() over (
            partition by cluster_stability.segmentation, cluster_stability.cluster_id
            order by stability_grades.lowest_jaccard desc
        ) as grade_number
    from {{ ref('cluster_stability') }} as cluster_stability
    left join {{ ref('stability_grades') }} as stability_grades
        on cluster_stability.bootstrap_jaccard >= stability_grades.lowest_jaccard

),

final as (

    select
        segmentation,
        cluster_id,
        bootstrap_jaccard,
        bootstrap_jaccard_standard_error,
        share_recovered,
        share_dissolved,
        stability_grade,
        bootstraps,
        customers,
        seed
    from ranked
    where grade_number = 1

)

select * from final
