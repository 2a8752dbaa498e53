{#
    A number written as text, with a decimal point and nothing between thousands. `comma` and `points` give the meaning
    of these characters in the column: `decimal`, `thousands` or none.
    Example: {{ as_number(number_text('amount_text', 'decimal', 'thousands')) }} as amount
#}
{% macro number_text(text, comma, points) -%}
    {%- if comma == 'thousands' -%}
        replace({{ text }}, ',', '')
    {%- elif comma == 'decimal' -%}
        case
            when {{ text }} like '%,%' then replace(replace({{ text }}, '.', ''), ',', '.')
            {%- if points == 'thousands' %}
            when {{ customer_segmentation.matches(text, '^[-+]?[0-9]{1,3}([.][0-9]{3})+$') }}
                then replace({{ text }}, '.', '')
            {%- endif %}
            else {{ text }}
        end
    {%- else -%}
        {{ text }}
    {%- endif -%}
{%- endmacro %}
