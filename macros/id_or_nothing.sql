{# The text of an id in one column of an input, null also where it is a placeholder, as with_ids found them. #}
{% macro id_or_nothing(entry) -%}
    {%- set text = plain_id(entry) -%}
    {%- if entry.placeholders -%}
        case when lower({{ text }}) in ({{ quoted_words(entry.placeholders) }}) then null else {{ text }} end
    {%- else -%}
        {{ text }}
    {%- endif -%}
{%- endmacro %}
