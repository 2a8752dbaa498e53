-- One row per segmentation, persona and trait: the customer that a persona describes, in the units of the feature.
-- Matching compares clusters with this prototype, a fit may start at it, and the trait checks compare a segment with
-- its limits.
with

traits as (

    select
        persona_traits.segmentation,
        persona_traits.persona,
        persona_traits.feature,
        persona_traits.level,
        persona_traits.value,
        persona_traits.weight,
        segmentations.dataset
    from {{ ref('persona_traits') }} as persona_traits
    inner join {{ ref('applied_segmentations') }} as segmentations
        on persona_traits.segmentation = segmentations.segmentation

),

valued as (

    select
        traits.*,
        persona_definitions.priority,
        segmentation_features.position,
        segmentation_features.transform,
        coalesce(traits.value, feature_levels.typical_value) as expected_value,
        coalesce(
            traits.value - {{ var('trait_value_tolerance') }} * feature_statistics.standard_deviation,
            feature_levels.lowest_value
        ) as lowest_value,
        coalesce(
            traits.value + {{ var('trait_value_tolerance') }} * feature_statistics.standard_deviation,
            feature_levels.highest_value
        ) as highest_value
    from traits
    inner join {{ ref('persona_definitions') }} as persona_definitions
        on
            traits.segmentation = persona_definitions.segmentation
            and traits.persona = persona_definitions.persona
    inner join {{ ref('segmentation_features') }} as segmentation_features
        on
            traits.segmentation = segmentation_features.segmentation
            and traits.feature = segmentation_features.feature
    inner join {{ ref('feature_statistics') }} as feature_statistics
        on
            traits.dataset = feature_statistics.dataset
            and traits.feature = feature_statistics.feature
    left join {{ ref('feature_levels') }} as feature_levels
        on
            traits.dataset = feature_levels.dataset
            and traits.feature = feature_levels.feature
            and traits.level = feature_levels.level

),

final as (

    select
        valued.*,
        case
            when valued.level is not null and valued.highest_value is null then 1
            when valued.level is not null and valued.lowest_value is null then -1
            else 0
        end as open_end,
        {{ transformed_by('expected_value', 'transform') }} as model_value
    from valued

)

select * from final
