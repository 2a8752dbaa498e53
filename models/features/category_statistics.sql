-- One row per dataset, category column, category value and feature: how the feature is spread in each group.
with

counted as (

    select
        dataset,
        category,
        category_value,
        feature,
        count(value) as customers,
        {{ exact_mean('value') }} as mean,
        -- rounded as the quartiles are, so that none of them lies outside
        round(min(value), 9) as minimum,
        {{ quartiles('value') }} as quartile_values,
        round(max(value), 9) as maximum
    from {{ ref('category_feature_values') }}
    where {{ evidence_wanted() }} and category_value is not null
    group by dataset, category, category_value, feature

),

quartiles as (

    select
        counted.*,
        {{ quartile('quartile_values', 1) }} as p25,
        {{ quartile('quartile_values', 2) }} as median,
        {{ quartile('quartile_values', 3) }} as p75
    from counted

),

spreads as (

    select
        quartiles.dataset,
        quartiles.category,
        quartiles.category_value,
        quartiles.feature,
        sqrt({{ exact_mean('(values_of_groups.value - quartiles.mean) * (values_of_groups.value - quartiles.mean)') }})
            as standard_deviation,
        {{ whisker(-1, 'values_of_groups.value', 'quartiles.p25', 'quartiles.p75') }} as lower_whisker,
        {{ whisker(1, 'values_of_groups.value', 'quartiles.p25', 'quartiles.p75') }} as upper_whisker
    from {{ ref('category_feature_values') }} as values_of_groups
    inner join quartiles
        on
            values_of_groups.dataset = quartiles.dataset
            and values_of_groups.category = quartiles.category
            and values_of_groups.category_value = quartiles.category_value
            and values_of_groups.feature = quartiles.feature
    group by quartiles.dataset, quartiles.category, quartiles.category_value, quartiles.feature

),

final as (

    select
        quartiles.dataset,
        quartiles.category,
        quartiles.category_value,
        quartiles.feature,
        quartiles.customers,
        quartiles.mean,
        spreads.standard_deviation,
        quartiles.minimum,
        quartiles.p25,
        quartiles.median,
        quartiles.p75,
        quartiles.maximum,
        spreads.lower_whisker,
        spreads.upper_whisker
    from quartiles
    inner join spreads
        on
            quartiles.dataset = spreads.dataset
            and quartiles.category = spreads.category
            and quartiles.category_value = spreads.category_value
            and quartiles.feature = spreads.feature

)

select * from final
