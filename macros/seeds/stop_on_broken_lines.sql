{#
    Stop the build if a line of a text file does not have one value per column, naming the line and the cause. `options`
    are those of read_csv, `name` separates the findings of this file from those of others.
#}
{% macro stop_on_broken_lines(file, options, columns, name) %}
    {% do run_query(
        "select count(columns(*)) from read_csv(" ~ customer_segmentation.file_pattern(file) ~ ", " ~ options
        ~ ", store_rejects = true, "
        ~ "rejects_table = '" ~ name ~ "_errors', rejects_scan = '" ~ name ~ "_scans')"
    ) %}
    {# a line has one error for each missing or extra value #}
    {% set errors = run_query(
        "select line, first(error_message order by column_idx), first(csv_line) from " ~ name
        ~ "_errors group by line order by line"
    ).rows %}
    {% if errors | length > 0 %}
        {% do exceptions.raise_compiler_error(
            file ~ ", line " ~ errors[0][0] ~ ": " ~ errors[0][1] ~ " Found " ~ errors[0][2] | trim
            ~ "; expected one value for each of the columns " ~ columns | join(', ') | trim
            ~ ". Put texts that hold the separator between double quotes"
            ~ (" (and " ~ (errors | length - 1) ~ " more lines)." if errors | length > 1 else ".")
        ) %}
    {% endif %}
{% endmacro %}
