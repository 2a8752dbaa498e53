{#
    A number as readable text: 36 rather than 36.0, and 0.3 rather than 0.30000000000000004.
    Example: 'found ' || {{ plain_number('amount') }}
#}
{% macro plain_number(value) -%}
    format('{:.12g}', {{ value }})
{%- endmacro %}
