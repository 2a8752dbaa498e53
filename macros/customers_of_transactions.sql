{# A query for the customers that the retail transactions name, numbered in the order of their ids. #}
{% macro customers_of_transactions() %}
    {% set customer_id = input_reading('retail_transactions') | selectattr('column', 'equalto', 'customer_id') | first %}
    {% if not execute %}{{ return('select 1 as input_row_number') }}{% endif %}
    {% set customers %}
        (
            select distinct {{ input_text(customer_id) }} as customer_id
            from {{ ref('input_retail_transactions') }}
            where {{ input_text(customer_id) }} is not null
            order by 1
        )
    {% endset %}
    {{ return(numbered_rows(customers)) }}
{% endmacro %}
