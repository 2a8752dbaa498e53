{#
    A number with thousands separators and up to the given number of decimals, without trailing zeros.
    Example: {{ short_number('mean', 1) }}
#}
{% macro short_number(value, decimals) -%}
    {%- set text = "format('{:,." ~ decimals ~ "f}', cast(" ~ value ~ " as double))" -%}
    regexp_replace({{ "rtrim(rtrim(" ~ text ~ ", '0'), '.')" if decimals else text }}, '^-0$', '0')
{%- endmacro %}
