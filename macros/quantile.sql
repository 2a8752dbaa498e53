{#
    Exact quantile with linear interpolation between neighbours, as numpy computes it.
    Example: {{ quantile('value', 0.9) }} as p90
#}
{% macro quantile(column, share) -%}
    percentile_cont({{ share }}) within group (order by cast({{ column }} as double))
{%- endmacro %}
