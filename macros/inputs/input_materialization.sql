{#
    Whether an input is kept as a view or as a table. A view suits sources that are fast to read repeatedly with the
    same result, that is, Parquet files; text files would be parsed again, and rows of an external table might come in
    another order the next time.
    Example: {{ config(materialized=input_materialization('data/orders.parquet')) }}
#}
{% macro input_materialization(source) %}
    {{ return('view' if source is string and source.lower().endswith('.parquet') else 'table') }}
{% endmacro %}
