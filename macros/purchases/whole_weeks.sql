{#
    Whole weeks for a number of days, rounded to the nearest: the unit of time of the lifetime values. Customers who
    agree in weeks share a row of the models, so a million customers make about 70,000 rows.
    Example: {{ whole_weeks(dbt.datediff('first_purchase_date', 'last_purchase_date', 'day')) }} as recency_weeks
#}
{% macro whole_weeks(days) -%}
    cast(round(({{ days }}) / 7.0) as int)
{%- endmacro %}
