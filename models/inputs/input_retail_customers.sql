-- One row per row of the retail customers input, as it came: generated, or the file or table that the var names. With
-- the word from_transactions, the customers of the transactions, about whom nothing else is known.
{{ config(materialized=input_materialization('retail_customers')) }}
{% do stop_on_half_given_retail() %}
{% if var('retail_customers') == 'from_transactions' %}
{{ customers_of_transactions() }}
{% else %}
{{ read_input('retail_customers', ref('generated_retail_customers')) }}
{% endif %}
