{#
    Sum that does not depend on the order of addition: values are added as decimals with nine digits after the point,
    which is exact. Sums of floating-point numbers differ in their last digits from run to run.
    Example: {{ exact_sum('money', 'partition by segmentation') }} as money_of_all
#}
{% macro exact_sum(expression, window=none) -%}
    cast(sum(cast({{ expression }} as decimal(38, 9))){{ ' over (' ~ window ~ ')' if window }} as double)
{%- endmacro %}
