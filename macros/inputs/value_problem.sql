{#
    Why a value of an input cannot be used, as `entry` of input_reading describes it: null if it can. If `has_last` is
    true, <column>_last is the last date that is accepted.
#}
{% macro value_problem(entry, has_last=false) -%}
    {%- set required = entry.when_missing == 'reject_row' -%}
    {%- set value, text = entry.column, customer_segmentation.judged_text(entry) -%}
    {%- if entry.kind == 'number' -%}
        {{ customer_segmentation.number_problem(text, value, entry.minimum, entry.maximum, required) }}
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
        {%- if has_last %}
        when {{ value }} > {{ value }}_last
            then 'in the future: after ' || cast({{ value }}_last as {{ dbt.type_string() }})
        {%- endif %}
        {%- endif %}
    end
    {%- endif -%}
{%- endmacro %}
