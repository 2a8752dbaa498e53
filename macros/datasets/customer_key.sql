{#
    The key of a customer in one column, for tools that relate tables by one: the dataset and the customer id, because
    two datasets may use the same ids. `dataset` is an expression.
    Example: {{ customer_key('customers.dataset', 'customers.customer_id') }} as customer_key
#}
{% macro customer_key(dataset, customer_id) -%}
    {{ dataset }} || ':' || {{ customer_id }}
{%- endmacro %}
