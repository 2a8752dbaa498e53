-- One row per dataset and feature: the population that segments are compared with.
-- Features are summed up one after the other, so that only one feature's values are in memory: for 10 million customers
-- with 11 features, grouping all of them at once took 38 instead of 12 seconds of CPU, and 7.8 instead of 1.5 GB.
{% for dataset in names_in_var('datasets') %}{% do ref(dataset ~ '_customer_features') %}{% endfor %}
{% set shares = {'p10': 0.1, 'p25': 0.25, 'median': 0.5, 'p75': 0.75, 'p90': 0.9} %}
with

summed as (

    {% for row in dataset_features() %}
    select
        '{{ row.dataset }}' as dataset,
        '{{ row.feature }}' as feature,
        count(*) as customers,
        count(*) - count(value) as missing_values,
        count(distinct value) as distinct_values,
        {{ exact_mean('value') }} as mean,
        min(value) as minimum,
        {{ quantiles('value', shares.values()) }} as quantile_values,
        max(value) as maximum
    from {{ ref('feature_values') }}
    where dataset = '{{ row.dataset }}' and feature = '{{ row.feature }}'
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

-- a dataset without customers has no rows
spreads as (

    {% set deviation = '(feature_values.value - summed.mean)' %}
    select
        feature_values.dataset,
        feature_values.feature,
        sqrt({{ exact_mean(deviation ~ ' * ' ~ deviation) }}) as standard_deviation
    from {{ ref('feature_values') }} as feature_values
    inner join summed
        on feature_values.dataset = summed.dataset and feature_values.feature = summed.feature
    group by feature_values.dataset, feature_values.feature

),

final as (

    select
        summed.dataset,
        summed.feature,
        summed.customers,
        summed.missing_values,
        summed.distinct_values,
        summed.mean,
        spreads.standard_deviation,
        summed.minimum,
        {% for share in shares %}
        {{ quantile_at('summed.quantile_values', loop.index) }} as {{ share }},
        {% endfor %}
        summed.maximum
    from summed
    inner join spreads
        on summed.dataset = spreads.dataset and summed.feature = spreads.feature

)

select * from final
