{# A query for the customers that the retail transactions name, numbered in the order of their ids. #}
{% macro customers_of_transactions() %}
    {% set customer_id = input_reading('retail_transactions') | selectattr('column', 'equalto', 'customer_id') | first %}
    {% if not customer_id %}{{ return('select 1 as input_row_number') }}{% endif %}
    {% set customers %}
        (
            select distinct customer_id
            from (
                select {{ input_value(customer_id) }} as customer_id
                from (
                    select {{ input_text(customer_id) }} as customer_id_text
                    from {{ ref('input_retail_transactions') }}
                ) as texts
            ) as ids
            where customer_id is not null
            order by 1
        )
    {% endset %}
    {{ return(numbered_rows(customers)) }}
{% endmacro %}
