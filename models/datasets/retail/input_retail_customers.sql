-- One row per row of the retail customers input, unchanged: generated, or the file or table that the var names. With
-- the word from_transactions, the customers found in the transactions, without any other data.
{% if var('retail_customers', none) == 'from_transactions' %}
{{ customers_of_transactions('retail') }}
{% else %}
{{ read_input('retail_customers', ref('generated_retail_customers'), is_synthetic=true) }}
{% endif %}
