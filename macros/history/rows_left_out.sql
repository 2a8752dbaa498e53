{#
    How many rows of an input, whose model has just been built, were left out because their customers are on the
    suppression list. Logs the number, and drops the temporary relation of all rows.
#}
{% macro rows_left_out(input) %}
    {% set suppressed = customer_segmentation.suppressed_customers(customer_segmentation.dataset_of_input(input)) %}
    {% if not suppressed.hashes %}{{ return(0) }}{% endif %}
    {% set all_rows = customer_segmentation.all_rows_of_input(input) %}
    {% set rows = run_query(
        "select (select count(*) from " ~ all_rows ~ ") - (select count(*) from " ~ this ~ ")"
    ).rows[0][0] %}
    {% do run_query("drop " ~ model.config.materialized ~ " " ~ all_rows) %}
    {% do log(
        input ~ ": " ~ rows ~ (" row" if rows == 1 else " rows") ~ " of forgotten customers left out", info=true
    ) if rows %}
    {{ return(rows) }}
{% endmacro %}
