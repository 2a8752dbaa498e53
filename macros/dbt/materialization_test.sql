{# dbt looks for its own materializations in the project that is built, so inside another one this is not found. #}
{% materialization test, adapter='duckdb' %}
    {{ return(customer_segmentation.materialization_of_test()) }}
{% endmaterialization %}
