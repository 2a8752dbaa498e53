{#
    Mean that does not depend on the order of addition: values are added as decimals with nine digits after the point,
    which is exact, and the sum is divided once. Sums of floating-point numbers differ in their last digits from run to
    run.
    Example: {{ exact_mean('value') }} as mean
#}
{% macro exact_mean(expression) -%}
    cast(sum(cast({{ expression }} as decimal(38, 9))) as double) / nullif(count({{ expression }}), 0)
{%- endmacro %}
