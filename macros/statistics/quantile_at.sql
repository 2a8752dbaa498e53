{#
    One of the quantiles that quantiles() returned, by its place from 1. Rounded as `quantile` is.
    Example: {{ quantile_at('quantile_values', 2) }} as median
#}
{% macro quantile_at(values, place) -%}
    round({{ values }}[{{ place }}], 9)
{%- endmacro %}
