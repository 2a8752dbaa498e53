{#
    Round a sum or mean of many numbers to nine decimals. Engines add in the order rows arrive, which changes the last
    digits; nobody needs those, and a figure must not depend on row order or threads.
    Example: {{ stable('avg(value)') }} as mean
#}
{% macro stable(expression) -%}
    round({{ expression }}, 9)
{%- endmacro %}
