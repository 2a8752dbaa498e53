-- One row per dataset, feature and trait level: the values that a word such as "high" means in this data.
-- Where most customers never bought, a single purchase would be "often" among all of them, so the figures that are 0
-- without a purchase are compared among those who bought.
{{ stop_on_seed_problems() }}
{% for dataset in names_in_var('datasets') %}{% do ref(dataset ~ '_customer_features') %}{% endfor %}
{% set levels, shares, selects = level_quantiles(), [], [] -%}
{% set zero_without_purchase = ['frequency', 'monetary_value'] -%}
{% for level in levels %}{% do shares.extend([level.typical, level.lowest, level.highest]) %}{% endfor %}
with

{% for dataset, rows in dataset_features() | groupby('dataset') %}
{{ dataset }}_quantiles as (

    select
        {% for row in rows %}
        {% set is_of_buyers = dataset in datasets_with_purchases() and row.feature in zero_without_purchase %}
        {% set value = 'case when frequency > 0 then ' ~ row.feature ~ ' end' if is_of_buyers else row.feature %}
        {{ quantiles(value, shares) }} as quantiles_{{ loop.index }},
        {% endfor %}
        count(*) as customers
    from {{ ref(dataset ~ '_customer_features') }}

),

{% for row in rows %}
{% set one %}
    select
        '{{ dataset }}' as dataset,
        '{{ row.feature }}' as feature,
        quantiles_{{ loop.index }} as found_values
    from {{ dataset }}_quantiles
    where customers > 0
{% endset %}
{% do selects.append(one) %}
{% endfor %}
{% endfor %}
feature_quantiles as (
    {{ selects | join('union all') }}
),

-- Nothing lies below the lowest or above the highest quantile, so these ends of a level stay open.
final as (

    {% for level in levels %}
    {% set place = 3 * loop.index - 2 %}
    select
        dataset,
        feature,
        '{{ level.level }}' as level,
        {{ quantile_at('found_values', place) }} as typical_value,
        {{ quantile_at('found_values', place + 1) if level.lowest > 0 else 'cast(null as double)' }} as lowest_value,
        {{ quantile_at('found_values', place + 2) if level.highest < 1 else 'cast(null as double)' }} as highest_value
    from feature_quantiles
    {{ 'union all' if not loop.last }}
    {% endfor %}

)

select * from final
