{# Why a value of an input cannot be used, as `entry` of input_reading describes it: null if it can. #}
{% macro value_problem(entry) -%}
    {%- set required = entry.when_missing == 'reject_row' -%}
    {%- set value, text = entry.column, judged_text(entry) -%}
    {%- if entry.kind == 'number' -%}
        {{ number_problem(text, value, entry.minimum, entry.maximum, required) }}
    {%- else -%}
    case
        when {{ value }} is null and {{ text }} is null then {{ "'missing'" if required else 'null' }}
        {%- if entry.placeholders %}
        when {{ value }} is null then 'placeholder'
        {%- endif %}
        {%- if entry.kind == 'date' %}
        when {{ value }} is null then 'not a date'
        when {{ value }} < cast('{{ entry.minimum }}' as date) or {{ value }} > cast('{{ entry.maximum }}' as date)
            then 'out of range'
        {%- endif %}
    end
    {%- endif -%}
{%- endmacro %}
