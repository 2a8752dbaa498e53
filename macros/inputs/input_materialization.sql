{#
    Whether an input is kept as a view or as a table. A view suits sources that are fast to read repeatedly with the
    same result, that is, Parquet files and tables of Spark; text files would be parsed again, and rows of an external
    table might come in another order the next time.
    Example: {{ config(materialized=input_materialization('data/orders.parquet')) }}
#}
{% macro input_materialization(source) %}
    {% set is_parquet = source is string and (source.lower().endswith('.parquet') or source.startswith('spark:')) %}
    {{ return('view' if is_parquet else 'table') }}
{% endmacro %}
