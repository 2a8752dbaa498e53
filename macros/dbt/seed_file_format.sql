{# How seed files are read: fields between commas, quoted by double quotes, a header line; nothing is guessed. #}
{% macro seed_file_format() -%}
    auto_detect = false, header = true, delim = ',', quote = '"', escape = '"'
{%- endmacro %}
