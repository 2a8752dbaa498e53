{#
    Whether Spark runs the test that is being run: it reads nothing but tables that Spark computes, and one of them has
    more rows than the var `rows_of_one_machine`. Rows that are stored for a look at them are stored by DuckDB.
#}
{% macro is_tested_on_spark() %}
    {% if target.name != 'spark' or should_store_failures() or not model.depends_on.nodes %}
        {{ return(false) }}
    {% endif %}
    {% set is_large = namespace(value=false) %}
    {% for name in model.depends_on.nodes %}
        {% set read = graph.nodes.get(name) %}
        {% if not read or read.config.materialized != 'spark_table' %}{{ return(false) }}{% endif %}
        {% set relation = adapter.quote(read.schema) ~ '.' ~ adapter.quote(read.alias) %}
        {# the files know how many rows they hold #}
        {% set rows = run_query("select count(*) from " ~ relation).rows[0][0] %}
        {% if rows > customer_segmentation.setting('rows_of_one_machine') | int %}
            {% set is_large.value = true %}
        {% endif %}
    {% endfor %}
    {{ return(is_large.value) }}
{% endmacro %}
