{#
    Mean that does not depend on the order of addition: the exact sum, divided once.
    Example: {{ exact_mean('value') }} as mean
#}
{% macro exact_mean(expression) -%}
    {{ customer_segmentation.exact_sum(expression) }} / nullif(count({{ expression }}), 0)
{%- endmacro %}
