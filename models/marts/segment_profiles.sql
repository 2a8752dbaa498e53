-- One row per segmentation, cluster and feature: how the segment's customers are spread and how they compare.
-- All features of the dataset are profiled, also those that the segmentation was not fitted on.
with

profiles as (

    select
        customer_segments.segmentation,
        customer_segments.dataset,
        customer_segments.cluster_id,
        customer_segments.persona,
        feature_values.feature,
        count(feature_values.value) as customers,
        {{ exact_mean('feature_values.value') }} as mean,
        {{ quantile('feature_values.value', 0.5) }} as median,
        {{ quantile('feature_values.value', 0.1) }} as p10,
        {{ quantile('feature_values.value', 0.9) }} as p90,
        min(feature_values.value) as min,
        max(feature_values.value) as max
    from {{ ref('customer_segments') }} as customer_segments
    inner join {{ ref('feature_values') }} as feature_values
        on
            customer_segments.dataset = feature_values.dataset
            and customer_segments.customer_id = feature_values.customer_id
    group by
        customer_segments.segmentation,
        customer_segments.dataset,
        customer_segments.cluster_id,
        customer_segments.persona,
        feature_values.feature

),

final as (

    select
        profiles.segmentation,
        profiles.cluster_id,
        profiles.persona,
        profiles.feature,
        features.label,
        features.unit,
        profiles.customers,
        profiles.mean,
        profiles.median,
        profiles.p10,
        profiles.p90,
        profiles.min,
        profiles.max,
        feature_statistics.mean as population_mean,
        -- an index needs a positive base
        case when feature_statistics.mean > 0 then 100 * profiles.mean / feature_statistics.mean end
            as index_to_population
    from profiles
    inner join {{ ref('feature_statistics') }} as feature_statistics
        on
            profiles.dataset = feature_statistics.dataset
            and profiles.feature = feature_statistics.feature
    inner join {{ ref('features') }} as features
        on
            profiles.dataset = features.dataset
            and profiles.feature = features.feature

)

select * from final
