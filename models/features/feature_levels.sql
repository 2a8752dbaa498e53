-- One row per dataset, feature and trait level: what a word such as "high" means in this data, as figures.
{{ stop_on_judgement_problems() }}
{% set levels = level_quantiles() -%}
with

quantiles as (

    select
        dataset,
        {% for level in levels %}
        {{ quantile('value', level.typical) }} as {{ level.level }}_typical,
        {{ quantile('value', level.lowest) }} as {{ level.level }}_lowest,
        {{ quantile('value', level.highest) }} as {{ level.level }}_highest,
        {% endfor %}
        feature
    from {{ ref('feature_values') }}
    group by dataset, feature

),

-- Nothing lies below the lowest or above the highest quantile, so these ends of a level stay open.
final as (

    {% for level in levels %}
    select
        dataset,
        feature,
        '{{ level.level }}' as level,
        {{ level.level }}_typical as typical_value,
        {{ level.level ~ '_lowest' if level.lowest > 0 else 'cast(null as double)' }} as lowest_value,
        {{ level.level ~ '_highest' if level.highest < 1 else 'cast(null as double)' }} as highest_value
    from quantiles
    {{ 'union all' if not loop.last }}
    {% endfor %}

)

select * from final
