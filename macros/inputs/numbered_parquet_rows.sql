{#
    The rows of Parquet files, which inspected_files describes, with their row numbers. The files provide them; counting
    the rows, as numbered_rows does, would limit large files to one thread.
#}
{% macro numbered_parquet_rows(files) %}
    {% set columns, selects = [], [] %}
    {% for column in files[0].columns %}{% do columns.append(customer_segmentation.quoted(column)) %}{% endfor %}
    {% set rows_before = namespace(value=0) %}
    {% for file in files %}
        {% do selects.append(
            'select file_row_number + ' ~ (rows_before.value + 1) ~ ' as input_row_number, ' ~ columns | join(', ')
            ~ ' from ' ~ file.reader ~ (' where false' if flags.EMPTY else '')
        ) %}
        {% set rows_before.value = rows_before.value + file.record_count %}
    {% endfor %}
    {{ return(selects | join(' union all ')) }}
{% endmacro %}
