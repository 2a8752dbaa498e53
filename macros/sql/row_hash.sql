{#
    A number between 0 and 1 that looks random and depends only on a text: the same on every engine, in every version,
    whatever the order of the rows or the number of threads. 52 bits of md5, which a double holds exactly.
    Example: {{ row_hash("customer_id || ' 42'") }} as uniform_draw
#}
{% macro row_hash(text) -%}
    {#- reading the hexadecimal digits would take a third longer -#}
    (cast(md5_number({{ text }}) >> 76 as bigint) / 4503599627370496.0)
{%- endmacro %}
