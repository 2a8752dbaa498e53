{#
    How to keep what can be read from a place again and again with the same result, quickly: as a view. That is a Parquet
    file; texts would be read again, and the rows of a table that somebody else keeps might come in another order the next time.
    Example: {{ config(materialized=input_materialization('data/orders.parquet')) }}
#}
{% macro input_materialization(source) %}
    {{ return('view' if source is string and source.lower().endswith('.parquet') else 'table') }}
{% endmacro %}
