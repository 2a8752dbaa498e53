{#
    Stop the build if the number of rows read from files differs from the number of records in them, which is counted
    independently of the reader. Rows of forgotten customers are counted and left out. Runs after each model that reads
    an input.
#}
{% macro stop_on_lost_rows(input) %}
    {% if not execute or flags.EMPTY %}{{ return('') }}{% endif %}
    {% set location = customer_segmentation.input_location(input) %}
    {% set rows_left_out = customer_segmentation.rows_left_out(input) %}
    {% if location.kind != 'file' %}{{ return('') }}{% endif %}
    {% set files = customer_segmentation.inspected_files(input, location.name) %}
    {% set records, rows = files | sum(attribute='record_count'),
        run_query('select count(*) from ' ~ this).rows[0][0] + rows_left_out %}
    {% if records != rows %}
        {% do exceptions.raise_compiler_error(
            "The input " ~ input ~ " (" ~ customer_segmentation.input_origin(input) ~ ") has " ~ records
            ~ " records, and " ~ rows ~ " were read. The "
            ~ "file may have changed meanwhile: build again. If this comes back, save the file as .xlsx or .parquet."
        ) %}
    {% endif %}
{% endmacro %}
