{#
    Run a data test, as dbt does, but where the rows are: Spark looks for those that fail where `is_tested_on_spark`
    says so, and DuckDB counts them. dbt lets only macros that are called materialization run Python.
#}
{% macro materialization_of_test() %}
    {% if not customer_segmentation.is_tested_on_spark() %}
        {{ return(dbt.materialization_test_default()) }}
    {% endif %}
    {%- set test = {'name': model.alias, 'query': sql, 'build_id': invocation_id} -%}

    {% call statement('failing_rows', language='python') -%}
        {{- customer_segmentation.spark_step('find_failing_rows', test) -}}
    {%- endcall %}
    {% call statement('main', fetch_result=True) -%}
        {{ get_test_sql(
            get_limit_subquery_sql('select * from rows_that_fail', config.get('limit')),
            config.get('fail_calc'), config.get('warn_if'), config.get('error_if'), limit=none
        ) }}
    {%- endcall %}
    {% call statement('counted', language='python') -%}
        {{- customer_segmentation.spark_step('forget_failing_rows', test) -}}
    {%- endcall %}

    {{ return({'relations': []}) }}
{% endmacro %}
