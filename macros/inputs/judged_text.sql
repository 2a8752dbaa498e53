{#
    The text of a value within judged_input: the text of <column>_typed if the value already has its type. It is an
    expression, so numbers and dates become text only if they have to be shown. `entry` is one of input_reading.
#}
{% macro judged_text(entry) -%}
    {%- if customer_segmentation.has_its_type(entry) -%}
        cast({{ entry.column }}_typed as {{ dbt.type_string() }})
    {%- else -%}
        {{ entry.column }}_text
    {%- endif -%}
{%- endmacro %}
