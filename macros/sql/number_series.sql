{#
    The numbers from 1 to a count, one row each: used as a column, it repeats its row that many times, and drops it if
    the count is 0. It needs no memory, however many rows it returns. In Spark it is `explode(sequence(1, count))`, and
    rows with count 0 have to be dropped first.
    Example: select customer_id, {{ number_series('purchases') }} as purchase_number from customers
#}
{% macro number_series(count) -%}
    unnest(range(1, cast({{ count }} as bigint) + 1))
{%- endmacro %}
