{#
    Mean of figures between -1 and 1 that does not depend on the order of addition: they are added as decimals with
    fifteen digits, which is exact. Null if there are none.
    Example: {{ mean_of_shares('(value - lowest) / (highest - lowest)') }} as mean_share
#}
{% macro mean_of_shares(expression) -%}
    cast(sum(cast({{ expression }} as decimal(18, 15))) as double) / nullif(count({{ expression }}), 0)
{%- endmacro %}
