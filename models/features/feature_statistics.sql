-- One row per dataset and feature: the population that segments are compared with.
with

means as (

    select
        dataset,
        feature,
        {{ exact_mean('value') }} as mean
    from {{ ref('feature_values') }}
    group by dataset, feature

),

final as (

    select
        feature_values.dataset,
        feature_values.feature,
        count(*) as customers,
        count(*) - count(feature_values.value) as missing_values,
        count(distinct feature_values.value) as distinct_values,
        means.mean,
        sqrt({{ exact_mean('(feature_values.value - means.mean) * (feature_values.value - means.mean)') }})
            as standard_deviation,
        min(feature_values.value) as minimum,
        {{ quantile('feature_values.value', 0.1) }} as p10,
        {{ quantile('feature_values.value', 0.25) }} as p25,
        {{ quantile('feature_values.value', 0.5) }} as median,
        {{ quantile('feature_values.value', 0.75) }} as p75,
        {{ quantile('feature_values.value', 0.9) }} as p90,
        max(feature_values.value) as maximum
    from {{ ref('feature_values') }} as feature_values
    inner join means
        on feature_values.dataset = means.dataset and feature_values.feature = means.feature
    group by feature_values.dataset, feature_values.feature, means.mean

)

select * from final
