{#
    Mean that does not depend on the order in which an engine adds: values are added as decimals with nine digits after the
    point, which is exact, and divided once. Sums of floating-point numbers differ in their last digits from run to run.
    Example: {{ exact_mean('value') }} as mean
#}
{% macro exact_mean(expression) -%}
    cast(sum(cast({{ expression }} as decimal(38, 9))) as double) / nullif(count({{ expression }}), 0)
{%- endmacro %}
