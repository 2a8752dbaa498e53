{# Whether the rows of an input were made up by this project, so that nobody takes them for customers. #}
{% macro is_synthetic(input) %}
    {{ return(
        (input == 'sales_customers' and var(input) == synthetic_spreadsheet())
        or (input in ('retail_customers', 'retail_transactions') and not var('retail_transactions'))
    ) }}
{% endmacro %}
