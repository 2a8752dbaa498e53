{#
    One of the quantiles that quantiles() returned, by its position from 1. Rounded like `quantile`.
    Example: {{ quantile_at('quantile_values', 2) }} as median
#}
{% macro quantile_at(values, place) -%}
    round({{ values }}[{{ place }}], 9)
{%- endmacro %}
