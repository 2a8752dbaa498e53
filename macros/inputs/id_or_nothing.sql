{# The text of an id in one column of an input, null if it is one of the placeholders that with_ids found. #}
{% macro id_or_nothing(entry) -%}
    {%- set text = customer_segmentation.plain_id(entry) -%}
    {%- if entry.placeholders -%}
        case
            when lower({{ text }}) in ({{ customer_segmentation.quoted_words(entry.placeholders) }}) then null
            else {{ text }}
        end
    {%- else -%}
        {{ text }}
    {%- endif -%}
{%- endmacro %}
