{#
    An expression that says whether the customers of an input come with this project: they were made up by it, or they are the Mall
    Customers data as published. A seed or a spreadsheet in which other
    customers were put is no example, whatever the name of the dataset.
    Example: select {{ is_example('mall_customers') }} as is_example
#}
{% macro is_example(input) %}
    {% if input == 'mall_customers' and input_location(input).kind == 'default' %}
        {{ return("not exists (select 1 from (" ~ mall_data_differences(ref('mall_customers')) ~ ") as differences)") }}
    {% endif %}
    {% if input == 'sales_customers' and is_synthetic(input) %}
        {{ return("is_own_spreadsheet('" ~ synthetic_spreadsheet() ~ "')") }}
    {% endif %}
    {{ return("cast('" ~ is_synthetic(input) ~ "' as boolean)") }}
{% endmacro %}
