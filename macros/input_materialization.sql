{#
    How to keep what can be read from an input again and again with the same result, quickly: as a view. That is a Parquet
    file, and generated rows; texts would be read anew, and the rows of a table that somebody else keeps might come in
    another order the next time.
    Example: {{ config(materialized=input_materialization('retail_transactions')) }}
#}
{% macro input_materialization(input) %}
    {% set location = input_location(input) %}
    {{ return('view' if location.kind == 'default' or location.name.lower().endswith('.parquet') else 'table') }}
{% endmacro %}
