{#
    Stop the build if a freshly loaded seed has two rows with the same key, the columns of its test `has_key`: the test
    would only say that there is such a row, not which one. The header does not count as a row.
#}
{% macro stop_on_repeated_row() %}
    {% set key = customer_segmentation.key_of_model(model.name) %}
    {% if not key %}{{ return('') }}{% endif %}
    {% set rows = run_query(
        "with numbered as (select *, row_number() over () as row_number from " ~ this ~ ") "
        ~ "select concat_ws(', ', nullif(" ~ key | join(", ''), nullif(")
        ~ ", '')), min(row_number), max(row_number) from numbered "
        ~ "group by " ~ key | join(', ') ~ " having count(*) > 1 order by min(row_number) limit 1"
    ).rows %}
    {% if rows | length > 0 %}
        {% do exceptions.raise_compiler_error(
            model.original_file_path ~ ", row " ~ rows[0][2] ~ ": found '" ~ rows[0][0] ~ "' again, after row "
            ~ rows[0][1]
            ~ ", expected it once. Delete one of the rows, or correct it."
        ) %}
    {% endif %}
{% endmacro %}
