{#
    The three quartiles as a list, in one pass that holds the values once: `quantile` would hold them once for each.
    Read them with quartile(). Lists are the one thing that engines write differently here.
    Example: {{ quartiles('value') }} as quartile_values
#}
{% macro quartiles(column) -%}
    quantile_cont(cast({{ column }} as double), [0.25, 0.5, 0.75])
{%- endmacro %}
