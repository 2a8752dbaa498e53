{#
    Say why a text cannot be used as a number: missing, not a number or out of range; null if it can. A value that is
    not required may be missing.
    Example: {{ number_problem('age_text', 'age', 10, 110) }} as age_problem
#}
{% macro number_problem(text, number, minimum, maximum, required=true) -%}
    case
        when {{ number }} between {{ minimum }} and {{ maximum }} then null
        when {{ number }} is not null then 'out of range'
        when coalesce({{ text }}, '') <> '' then 'not a number'
        {%- if required %}
        else 'missing'
        {%- endif %}
    end
{%- endmacro %}
