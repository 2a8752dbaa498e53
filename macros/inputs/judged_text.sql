{#
    The text of a value while judged_input looks at it: that of <column>_typed where the value has its type already. As an
    expression, so that numbers and dates become texts only where one has to be shown. `entry` is one of input_reading.
#}
{% macro judged_text(entry) -%}
    {%- if customer_segmentation.has_its_type(entry) -%}
        cast({{ entry.column }}_typed as {{ dbt.type_string() }})
    {%- else -%}
        {{ entry.column }}_text
    {%- endif -%}
{%- endmacro %}
