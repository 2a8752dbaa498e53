{# The staging model that judges the rows of an input, such as stg_shop__customer_rows for shop_customers. #}
{% macro rows_of_input(input) %}
    {% set rows = customer_segmentation.dataset_inputs() | selectattr('input', 'equalto', input)
        | map(attribute='rows') | first %}
    {# models of disabled datasets are also parsed #}
    {% if not rows and not execute %}{{ return('rows_of_a_dataset_that_is_off') }}{% endif %}
    {% do customer_segmentation.dataset_of_input(input) %}
    {{ return(ref(rows)) }}
{% endmacro %}
