-- One row per segmentation, persona and trait: what the persona claims against what its cluster shows.
with

claims as (

    select
        persona_prototypes.segmentation,
        persona_prototypes.persona as persona_id,
        persona_prototypes.display_name as persona,
        persona_matches.cluster_id,
        persona_prototypes.position,
        persona_prototypes.feature,
        features.label,
        features.unit,
        features.decimals,
        persona_prototypes.level,
        persona_prototypes.expected_value,
        persona_prototypes.lowest_value,
        persona_prototypes.highest_value,
        cluster_centroids.centroid as found_value,
        coalesce(cluster_centroids.centroid < persona_prototypes.lowest_value, false)
        or coalesce(cluster_centroids.centroid > persona_prototypes.highest_value, false) as is_contradicted
    from {{ ref('persona_prototypes') }} as persona_prototypes
    inner join {{ ref('persona_matches') }} as persona_matches
        on
            persona_prototypes.segmentation = persona_matches.segmentation
            and persona_prototypes.persona = persona_matches.persona
    inner join {{ ref('cluster_centroids') }} as cluster_centroids
        on
            persona_matches.segmentation = cluster_centroids.segmentation
            and persona_matches.cluster_id = cluster_centroids.cluster_id
            and persona_prototypes.feature = cluster_centroids.feature
    inner join {{ ref('features') }} as features
        on
            persona_prototypes.dataset = features.dataset
            and persona_prototypes.feature = features.feature

),

worded as (

    select
        claims.*,
        coalesce(replace(level, '_', ' '), 'about ' || {{ display_number('expected_value', 'decimals') }}) as claim,
        {{ display_number('found_value', 'decimals') }} as found_text,
        case
            when lowest_value is null then 'at most ' || {{ display_number('highest_value', 'decimals') }}
            when highest_value is null then 'at least ' || {{ display_number('lowest_value', 'decimals') }}
            else
                {{ display_number('lowest_value', 'decimals') }} || ' to '
                || {{ display_number('highest_value', 'decimals') }}
        end as limits_text
    from claims

),

final as (

    select
        segmentation,
        persona_id,
        persona,
        cluster_id,
        position,
        feature,
        level as expected_level,
        expected_value,
        lowest_value,
        highest_value,
        found_value,
        is_contradicted,
        label || ': said to be ' || claim || ' (' || limits_text || ' ' || unit || '), found ' || found_text
            as explanation
    from worded

)

select * from final
