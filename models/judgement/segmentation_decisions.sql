-- One row per segmentation of the seed: whether it applies to the data, and if not, why. A segmentation is skipped if
-- one of its features has no values. Those of the var `fallback_segmentations` are for datasets to which no other
-- applies.
with

measured as (

    select
        segmentations.segmentation,
        segmentations.dataset,
        coalesce(
            segmentations.segmentation in ({{ quoted_words(var('fallback_segmentations')) or "''" }}), false
        ) as is_fallback,
        max(feature_statistics.customers) as customers,
        max(feature_statistics.customers) - max(feature_statistics.missing_values) as complete_customers,
        {{ dbt.listagg(
            "case when feature_statistics.missing_values = feature_statistics.customers then segmentation_features.feature end",
            "', '", 'order by segmentation_features.position'
        ) }} as unknown_features,
        {{ dbt.listagg(
            "case when feature_statistics.minimum = feature_statistics.maximum then segmentation_features.feature end",
            "', '", 'order by segmentation_features.position'
        ) }} as constant_features
    from {{ ref('segmentations') }} as segmentations
    left join {{ ref('segmentation_features') }} as segmentation_features
        on segmentations.segmentation = segmentation_features.segmentation
    left join {{ ref('feature_statistics') }} as feature_statistics
        on
            segmentations.dataset = feature_statistics.dataset
            and segmentation_features.feature = feature_statistics.feature
    group by segmentations.segmentation, segmentations.dataset

),

alternatives as (

    select
        measured.*,
        max(case when not is_fallback and coalesce(unknown_features, '') = '' then segmentation end)
            over (partition by dataset) as other_segmentation
    from measured

),

final as (

    select
        segmentations.*,
        case
            when alternatives.unknown_features <> ''
                then
                    'no values of ' || alternatives.unknown_features || ' for any of the '
                    || alternatives.customers || ' customers of ' || segmentations.dataset
            when alternatives.is_fallback and alternatives.other_segmentation is not null
                then
                    'only for data to which no other segmentation of ' || segmentations.dataset
                    || ' applies, but ' || alternatives.other_segmentation || ' does'
            when alternatives.is_fallback and alternatives.constant_features <> ''
                then alternatives.constant_features || ' is the same for every customer'
            when alternatives.is_fallback and alternatives.complete_customers < segmentations.k
                then
                    'only ' || alternatives.complete_customers || ' customers have all its features, fewer than its '
                    || segmentations.k || ' segments'
        end as skipped_because
    from {{ ref('segmentations') }} as segmentations
    inner join alternatives
        on segmentations.segmentation = alternatives.segmentation

)

select * from final
