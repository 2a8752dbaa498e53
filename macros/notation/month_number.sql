{# The number of the month whose name a text in lower case holds, as a text; null if it holds none. #}
{% macro month_number(text, months) -%}
    case regexp_extract({{ text }}, '{{ customer_segmentation.named_date_patterns(months).month }}', 2)
        {%- for name, number in months.items() %}
        when '{{ name }}' then '{{ number }}'
        {%- endfor %}
    end
{%- endmacro %}
