{#
    The model stg_<dataset>__customers or stg_<dataset>__transactions: one row per usable row of an input, with the
    columns that later models read. Stops the build if no row can be used.
    Example, a whole model: {{ usable_rows('shop_customers', ['customer_id', 'gender', 'age']) }}
#}
{% macro usable_rows(input, columns) %}
{{ customer_segmentation.stop_without_usable_rows(input) }}
select
    {% for column in columns %}
    {{ column }}{{ ',' if not loop.last }}
    {% endfor %}
from {{ customer_segmentation.rows_of_input(input) }}
where reason is null
{% endmacro %}
