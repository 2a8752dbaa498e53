{# The spreadsheet that the project makes itself. #}
{% macro synthetic_spreadsheet() %}
    {{ return('seeds/raw/sales_customers.xlsx') }}
{% endmacro %}
