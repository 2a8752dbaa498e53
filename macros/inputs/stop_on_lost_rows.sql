{#
    Stop the build if the number of rows read from files differs from the number of records in them, which is counted
    independently of the reader. Runs after each model that reads an input.
#}
{% macro stop_on_lost_rows(input) %}
    {% set location = customer_segmentation.input_location(input) %}
    {% if not execute or flags.EMPTY or location.kind != 'file' %}{{ return('') }}{% endif %}
    {% set files = customer_segmentation.inspected_files(input, location.name) %}
    {% set records, rows = files | sum(attribute='record_count'),
        run_query('select count(*) from ' ~ this).rows[0][0] %}
    {% if records != rows %}
        {% do exceptions.raise_compiler_error(
            "The input " ~ input ~ " (" ~ customer_segmentation.input_origin(input) ~ ") has " ~ records
            ~ " records, and " ~ rows ~ " were read. The "
            ~ "file may have changed meanwhile: build again. If this comes back, save the file as .xlsx or .parquet."
        ) %}
    {% endif %}
{% endmacro %}
