{#
    Say why a text cannot be used as a number: missing, not a number or out of range; null if it can.
    Example: {{ number_problem('age_text', 'age', 'age_minimum', 'age_maximum') }} as age_problem
#}
{% macro number_problem(text, number, minimum, maximum) -%}
    case
        when coalesce({{ text }}, '') = '' then 'missing'
        when {{ number }} is null then 'not a number'
        when {{ number }} < {{ minimum }} or {{ number }} > {{ maximum }} then 'out of range'
    end
{%- endmacro %}
