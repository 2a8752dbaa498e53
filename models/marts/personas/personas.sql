-- One row per segmentation and persona: which cluster it describes, how well it fits, and which traits the data
-- contradicts. Clusters without a persona get a descriptive name; personas without a cluster keep a row without one.
with

contradictions as (

    select
        segmentation,
        persona_id,
        {{ dbt.listagg('explanation', "'; '", 'order by position') }} as contradicted_traits
    from {{ ref('persona_trait_checks') }}
    where is_contradicted
    group by segmentation, persona_id

),

defined as (

    select
        persona_definitions.segmentation,
        persona_definitions.persona as persona_id,
        persona_definitions.display_name as persona,
        persona_definitions.description,
        persona_definitions.priority,
        persona_matches.cluster_id,
        persona_matches.match_distance,
        case
            when persona_matches.cluster_id is null then 'unmatched'
            when persona_matches.match_distance <= {{ var('persona_match_good') }} then 'good'
            when persona_matches.match_distance <= {{ var('persona_match_fair') }} then 'fair'
            else 'poor'
        end as match_grade,
        contradictions.contradicted_traits
    from {{ ref('persona_definitions') }} as persona_definitions
    inner join {{ ref('applied_segmentations') }} as applied_segmentations
        on persona_definitions.segmentation = applied_segmentations.segmentation
    left join {{ ref('persona_matches') }} as persona_matches
        on
            persona_definitions.segmentation = persona_matches.segmentation
            and persona_definitions.persona = persona_matches.persona
    left join contradictions
        on
            persona_definitions.segmentation = contradictions.segmentation
            and persona_definitions.persona = contradictions.persona_id

),

generated as (

    select
        cluster_descriptions.segmentation,
        cast(null as {{ dbt.type_string() }}) as persona_id,
        -- a persona without a cluster may happen to have the same name
        case
            when same_names.display_name is null then cluster_descriptions.generated_name
            else cluster_descriptions.generated_name || ' (cluster ' || cluster_descriptions.cluster_id || ')'
        end as persona,
        'No persona describes this segment yet. ' || cluster_descriptions.description_with_figures || '.'
            as description,
        cast(null as int) as priority,
        cluster_descriptions.cluster_id,
        cast(null as double) as match_distance,
        'generated' as match_grade,
        cast(null as {{ dbt.type_string() }}) as contradicted_traits
    from {{ ref('cluster_descriptions') }} as cluster_descriptions
    left join {{ ref('persona_matches') }} as persona_matches
        on
            cluster_descriptions.segmentation = persona_matches.segmentation
            and cluster_descriptions.cluster_id = persona_matches.cluster_id
    left join {{ ref('persona_definitions') }} as same_names
        on
            cluster_descriptions.segmentation = same_names.segmentation
            and cluster_descriptions.generated_name = same_names.display_name
    where persona_matches.cluster_id is null

),

described as (

    select * from defined
    union all
    select * from generated

),

final as (

    select
        described.segmentation,
        described.persona_id,
        described.persona,
        described.description,
        described.priority,
        described.cluster_id,
        described.match_distance,
        described.match_grade,
        described.contradicted_traits,
        cluster_grades.bootstrap_jaccard,
        cluster_grades.stability_grade,
        segment_colours.colour,
        segment_identities.segment_id,
        {{ segment_key('described.segmentation', 'segment_identities.segment_id') }} as segment_key
    from described
    left join {{ ref('cluster_grades') }} as cluster_grades
        on
            described.segmentation = cluster_grades.segmentation
            and described.cluster_id = cluster_grades.cluster_id
    left join {{ ref('segment_colours') }} as segment_colours
        on
            described.segmentation = segment_colours.segmentation
            and described.cluster_id = segment_colours.cluster_id
    left join {{ ref('segment_identities') }} as segment_identities
        on
            described.segmentation = segment_identities.segmentation
            and described.cluster_id = segment_identities.cluster_id

)

select
    final.*,
    {{ is_synthetic_segmentation('final.segmentation') }} as is_synthetic
from final
