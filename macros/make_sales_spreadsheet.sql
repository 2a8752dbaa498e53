{#
    Write the synthetic spreadsheet of the dataset `sales` if it is asked for and not there yet. Runs at the start of every
    build, so that a clone needs nothing but `dbt build`.
#}
{% macro make_sales_spreadsheet() %}
    {% if execute and is_synthetic('sales_customers') %}
        {% do run_query("select make_sales_spreadsheet('" ~ synthetic_spreadsheet() ~ "')") %}
    {% endif %}
{% endmacro %}
