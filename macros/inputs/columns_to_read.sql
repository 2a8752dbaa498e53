{#
    The columns of a subquery out of which `input_value` reads an input's value: its text, also without signs where a number has
    them, or the column as it is where it has its type already. `entry` is one of input_reading.
    Example: select {{ columns_to_read(amount) }} from {{ relation }}
#}
{% macro columns_to_read(entry) -%}
    {%- if customer_segmentation.has_its_type(entry) -%}
    {{ customer_segmentation.quoted(entry.found) }} as {{ entry.column }}_typed
    {%- else -%}
    {%- if entry.undressed -%}
    {{ entry.undressed | replace('{text}', '(' ~ customer_segmentation.input_text(entry) ~ ')') }} as {{ entry.column }}_plain,
    {% endif -%}
    {{ customer_segmentation.input_text(entry) }} as {{ entry.column }}_text
    {%- endif -%}
{%- endmacro %}
