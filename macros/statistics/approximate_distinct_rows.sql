{#
    Approximate number of distinct combinations of values, accurate to a few percent; counted in one pass with little
    memory.
    Example: {{ approximate_distinct_rows(['value_1', 'value_2']) }} as distinct_rows
#}
{% macro approximate_distinct_rows(columns) -%}
    approx_count_distinct({{ customer_segmentation.hash_number(columns) }})
{%- endmacro %}
