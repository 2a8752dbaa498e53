-- One row per dataset and feature: the population that segments are compared with.
-- All features of a dataset are summed up in one pass over the customers, and only then made rows.
{% for dataset in names_in_var('datasets') %}{% do ref(dataset ~ '_customer_features') %}{% endfor %}
{% set shares = {'p10': 0.1, 'p25': 0.25, 'median': 0.5, 'p75': 0.75, 'p90': 0.9} %}
{% set selects = [] %}
with

{% for dataset, rows in dataset_features() | groupby('dataset') %}
{{ dataset }}_counted as (

    select
        {% for row in rows %}
        {% set value = 'cast(' ~ row.feature ~ ' as double)' %}
        count(*) - count({{ row.feature }}) as missing_values_{{ loop.index }},
        count(distinct {{ value }}) as distinct_values_{{ loop.index }},
        {{ exact_mean(value) }} as mean_{{ loop.index }},
        min({{ value }}) as minimum_{{ loop.index }},
        {{ quantiles(row.feature, shares.values()) }} as quantiles_{{ loop.index }},
        max({{ value }}) as maximum_{{ loop.index }},
        {% endfor %}
        count(*) as customers
    from {{ ref(dataset ~ '_customer_features') }}

),

{{ dataset }}_spreads as (

    select
        {% for row in rows %}
        {% set deviation = '(cast(customers.' ~ row.feature ~ ' as double) - counted.mean_' ~ loop.index ~ ')' %}
        sqrt({{ exact_mean(deviation ~ ' * ' ~ deviation) }}) as standard_deviation_{{ loop.index }},
        {% endfor %}
        count(*) as customers
    from {{ ref(dataset ~ '_customer_features') }} as customers
    cross join {{ dataset }}_counted as counted

),

{{ dataset }}_quantiles as (

    select
        {% for row in rows %}
        {% set position = loop.index %}
        {% for share in shares %}
        {{ quantile_at('quantiles_' ~ position, loop.index) }} as {{ share }}_{{ position }},
        {% endfor %}
        {% endfor %}
        counted.*
    from {{ dataset }}_counted as counted

),

{% for row in rows %}
{% set position = loop.index %}
{% set one %}
    select
        '{{ dataset }}' as dataset,
        '{{ row.feature }}' as feature,
        counted.customers,
        counted.missing_values_{{ position }} as missing_values,
        counted.distinct_values_{{ position }} as distinct_values,
        counted.mean_{{ position }} as mean,
        spreads.standard_deviation_{{ position }} as standard_deviation,
        counted.minimum_{{ position }} as minimum,
        {% for share in shares %}
        counted.{{ share }}_{{ position }} as {{ share }},
        {% endfor %}
        counted.maximum_{{ position }} as maximum
    from {{ dataset }}_quantiles as counted
    cross join {{ dataset }}_spreads as spreads
    where counted.customers > 0
{% endset %}
{% do selects.append(one) %}
{% endfor %}
{% endfor %}
final as (
    {{ selects | join('union all') }}
)

select * from final
