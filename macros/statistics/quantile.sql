{#
    Exact quantile with linear interpolation between neighbours, as numpy computes it. Rounded, because interpolating
    between two equal values may leave a trace of rounding.
    Example: {{ quantile('value', 0.9) }} as p90
#}
{% macro quantile(column, share) -%}
    round(percentile_cont({{ share }}) within group (order by cast({{ column }} as double)), 9)
{%- endmacro %}
