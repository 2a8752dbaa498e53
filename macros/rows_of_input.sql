{# The staging model that judges the rows of an input: stg_mall__customer_rows for mall_customers. #}
{% macro rows_of_input(input) %}
    {% set dataset = dataset_of_input(input) %}
    {{ return(ref('stg_' ~ dataset ~ '__' ~ input[dataset | length + 1:-1] ~ '_rows')) }}
{% endmacro %}
