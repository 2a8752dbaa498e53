{#
    The model input_<dataset>_customers for a dataset without a table of customers: the customers that the transactions
    name, numbered in the order of their ids.
    Example, a whole model: {{ customers_of_transactions('shop') }}
#}
{% macro customers_of_transactions(dataset) %}
    {% set transactions = dataset ~ '_transactions' %}
    {% do config(
        schema='inputs',
        materialized=customer_segmentation.input_materialization(var(transactions, none)),
        meta={'input': {'name': 'from_transactions', 'is_relation': false, 'is_synthetic': false, 'fingerprint': none}}
    ) %}
    {% set customer_id = customer_segmentation.input_reading(transactions)
        | selectattr('column', 'equalto', 'customer_id') | first %}
    {% if not customer_id %}{{ return('select 1 as input_row_number') }}{% endif %}
    {% set customers %}
        (
            select distinct customer_id
            from (
                select {{ customer_segmentation.input_value(customer_id) }} as customer_id
                from (
                    select {{ customer_segmentation.input_text(customer_id) }} as customer_id_text
                    from {{ ref('input_' ~ transactions) }}
                ) as texts
            ) as ids
            where customer_id is not null
            order by 1
        )
    {% endset %}
    {{ return(customer_segmentation.numbered_rows(customers)) }}
{% endmacro %}
