{#
    The columns of a subquery from which `input_value` reads an input's value: its text, the text without signs if
    numbers have signs, or the unchanged column if it already has its type. `entry` is one of input_reading.
    Example: select {{ columns_to_read(amount) }} from {{ relation }}
#}
{% macro columns_to_read(entry) -%}
    {%- if customer_segmentation.has_its_type(entry) -%}
    {{ customer_segmentation.quoted(entry.found) }} as {{ entry.column }}_typed
    {%- else -%}
    {%- if entry.undressed -%}
    {{ entry.undressed | replace(
        '{text}', '(' ~ customer_segmentation.input_text(entry) ~ ')'
    ) }} as {{ entry.column }}_plain,
    {% endif -%}
    {{ customer_segmentation.input_text(entry) }} as {{ entry.column }}_text
    {%- endif -%}
{%- endmacro %}
