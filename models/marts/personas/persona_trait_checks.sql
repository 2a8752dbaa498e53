-- One row per segmentation, persona and trait: the claim of the persona compared with the median of its segment.
with

claims as (

    select
        persona_prototypes.segmentation,
        persona_prototypes.persona as persona_id,
        persona_definitions.display_name as persona,
        persona_matches.cluster_id,
        persona_prototypes.position,
        persona_prototypes.feature,
        features.label,
        -- a currency is part of each figure, other units are written once
        case when {{ is_money('features.unit') }} then features.unit else '' end as sign,
        case when {{ is_money('features.unit') }} then '' else ' ' || features.unit end as unit,
        persona_prototypes.level,
        persona_prototypes.expected_value,
        persona_prototypes.lowest_value,
        persona_prototypes.highest_value,
        cluster_medians.median as found_value,
        coalesce(cluster_medians.median < persona_prototypes.lowest_value, false)
        or coalesce(cluster_medians.median > persona_prototypes.highest_value, false) as is_contradicted
    from {{ ref('persona_prototypes') }} as persona_prototypes
    inner join {{ ref('persona_definitions') }} as persona_definitions
        on
            persona_prototypes.segmentation = persona_definitions.segmentation
            and persona_prototypes.persona = persona_definitions.persona
    inner join {{ ref('persona_matches') }} as persona_matches
        on
            persona_prototypes.segmentation = persona_matches.segmentation
            and persona_prototypes.persona = persona_matches.persona
    inner join {{ ref('cluster_medians') }} as cluster_medians
        on
            persona_matches.segmentation = cluster_medians.segmentation
            and persona_matches.cluster_id = cluster_medians.cluster_id
            and persona_prototypes.feature = cluster_medians.feature
    inner join {{ ref('features') }} as features
        on
            persona_prototypes.dataset = features.dataset
            and persona_prototypes.feature = features.feature

),

-- if both would be rounded to the same figure, the text shows enough digits to tell them apart
compared as (

    select
        claims.*,
        is_contradicted
        and {{ figure_text('found_value', 'sign') }} in (
            {{ figure_text('lowest_value', 'sign') }}, {{ figure_text('highest_value', 'sign') }}
        ) as needs_decimals
    from claims

),

worded as (

    select
        compared.*,
        coalesce(replace(level, '_', ' '), 'about ' || {{ figure_text('expected_value', 'sign') }}) as claim,
        case
            when needs_decimals then {{ exact_figure('lowest_value', 'sign') }}
            else {{ figure_text('lowest_value', 'sign') }}
        end as lowest_text,
        case
            when needs_decimals then {{ exact_figure('highest_value', 'sign') }}
            else {{ figure_text('highest_value', 'sign') }}
        end as highest_text,
        case
            when needs_decimals then {{ exact_figure('found_value', 'sign') }}
            else {{ figure_text('found_value', 'sign') }}
        end as found_text
    from compared

),

bounded as (

    select
        worded.*,
        case
            when lowest_value is null then 'at most ' || highest_text
            when highest_value is null then 'at least ' || lowest_text
            else lowest_text || ' to ' || highest_text
        end || unit as bounds
    from worded

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
        label || ': claimed ' || claim || ' ('
        || {{ singular_after_one('bounds') }} || '), found ' || found_text as explanation
    from bounded

)

select
    final.*,
    {{ is_synthetic_segmentation('final.segmentation') }} as is_synthetic
from final
