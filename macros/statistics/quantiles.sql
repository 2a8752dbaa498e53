{#
    Several exact quantiles as a list, in one pass that holds the values once: `quantile` would hold them once for each.
    Read them with quantile_at(). Only the list syntax differs between engines.
    Example: {{ quantiles('value', [0.1, 0.5, 0.9]) }} as quantile_values
#}
{% macro quantiles(column, shares) -%}
    quantile_cont(cast({{ column }} as double), [{{ shares | join(', ') }}])
{%- endmacro %}
