{#
    The quantiles behind each trait level, as the seed `trait_levels` lists them:
    [{level, typical, lowest, highest}, ...].
#}
{% macro level_quantiles() %}
    {% set seed = ref('trait_levels') %}
    {# before the seed is loaded, one level to render #}
    {% if not customer_segmentation.is_built(seed) %}
        {{ return([{'level': 'medium', 'typical': 0.5, 'lowest': 0.3, 'highest': 0.7}]) }}
    {% endif %}
    {% set levels = [] %}
    {% set query %}
        select level, typical_quantile, lowest_quantile, highest_quantile from {{ seed.render() }} order by position
    {% endset %}
    {% for row in run_query(query).rows %}
        {% do levels.append({'level': row[0], 'typical': row[1], 'lowest': row[2], 'highest': row[3]}) %}
    {% endfor %}
    {{ return(levels) }}
{% endmacro %}
