{#
    The number of a row in its input, from 1. DuckDB reads a table in the order in which it was written; other engines
    need another expression here.
    Example: {{ input_row_number() }} as row_number
#}
{% macro input_row_number() -%}
    row_number() over ()
{%- endmacro %}
