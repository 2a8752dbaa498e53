{#
    The numbers from 1 to a count, one row each: used as a column, it repeats its row that often, and drops it if the
    count is 0. Needs no memory however many rows come out. Spark writes it `explode(sequence(1, count))` and has to
    drop the rows with count 0 before.
    Example: select customer_id, {{ number_series('purchases') }} as purchase_number from customers
#}
{% macro number_series(count) -%}
    unnest(range(1, cast({{ count }} as bigint) + 1))
{%- endmacro %}
