-- One row per segmentation and cluster: how well bootstrap samples reproduce the segment.
with

final as (

    select
        cluster_grades.segmentation,
        cluster_grades.cluster_id,
        personas.persona,
        cluster_grades.bootstrap_jaccard,
        cluster_grades.bootstrap_jaccard_standard_error,
        cluster_grades.share_recovered,
        cluster_grades.share_dissolved,
        cluster_grades.stability_grade,
        cluster_grades.bootstraps,
        cluster_grades.customers,
        cluster_grades.seed,
        personas.segment_key
    from {{ ref('cluster_grades') }} as cluster_grades
    inner join {{ ref('personas') }} as personas
        on
            cluster_grades.segmentation = personas.segmentation
            and cluster_grades.cluster_id = personas.cluster_id

)

select
    final.*,
    {{ is_synthetic_segmentation('final.segmentation') }} as is_synthetic
from final
