{#
    Whether an expression is a number: not missing, not infinite, and not the NaN that a division of floating-point
    numbers can leave. Infinity minus infinity, and NaN minus itself, are NaN, which no engine treats as zero.
    Example: where {{ is_finite('annual_income_k') }}
#}
{% macro is_finite(expression) -%}
    {{ expression }} - {{ expression }} = 0
{%- endmacro %}
