-- One row per dataset and feature: the distribution of its values over all customers, for a first look at the data.
with

statistics as (

    select
        feature_statistics.*,
        {{ tukey_fence(-1, 'p25', 'p75') }} as lower_fence,
        {{ tukey_fence(1, 'p25', 'p75') }} as upper_fence
    from {{ ref('feature_statistics') }} as feature_statistics
    where {{ evidence_wanted() }}

),

standardised as (

    select
        statistics.dataset,
        statistics.feature,
        feature_values.value,
        feature_values.value < statistics.lower_fence or feature_values.value > statistics.upper_fence as is_outlier,
        -- without a spread there is no skewness; rounding may leave equal values a tiny spread
        (feature_values.value - statistics.mean)
        / case when statistics.minimum < statistics.maximum then nullif(statistics.standard_deviation, 0) end
            as standard_score
    from {{ ref('feature_values') }} as feature_values
    inner join statistics
        on feature_values.dataset = statistics.dataset and feature_values.feature = statistics.feature

),

shapes as (

    select
        dataset,
        feature,
        case
            when count(value) > 0
                then case when count(case when value <> floor(value) then 1 end) = 0 then 'whole' else 'fraction' end
        end as data_type,
        {{ exact_mean('standard_score * standard_score * standard_score') }} as skewness,
        count(case when is_outlier then 1 end) as outliers
    from standardised
    group by dataset, feature

),

final as (

    select
        statistics.dataset,
        statistics.feature,
        features.label,
        features.unit,
        shapes.data_type,
        statistics.customers,
        statistics.missing_values,
        statistics.distinct_values,
        statistics.mean,
        statistics.standard_deviation,
        statistics.minimum,
        statistics.p25,
        statistics.median,
        statistics.p75,
        statistics.maximum,
        shapes.skewness,
        statistics.lower_fence,
        statistics.upper_fence,
        shapes.outliers,
        shapes.outliers / cast(nullif(statistics.customers - statistics.missing_values, 0) as double)
            as share_of_outliers
    from statistics
    inner join shapes
        on statistics.dataset = shapes.dataset and statistics.feature = shapes.feature
    inner join {{ ref('features') }} as features
        on statistics.dataset = features.dataset and statistics.feature = features.feature

)

select
    final.*,
    {{ is_synthetic_dataset('final.dataset') }} as is_synthetic
from final
