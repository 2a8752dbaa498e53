{#
    One of the quartiles that quartiles() returned: 1 is the lower one, 2 the median, 3 the upper one. Rounded as `quantile` is.
    Example: {{ quartile('quartile_values', 2) }} as median
#}
{% macro quartile(values, number) -%}
    round({{ values }}[{{ number }}], 9)
{%- endmacro %}
