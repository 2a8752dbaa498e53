{#
    The rows of Parquet files, which inspected_files describes, with their numbers. The files know them: counting the rows, as
    numbered_rows does, would force large files through one thread.
#}
{% macro numbered_parquet_rows(files) %}
    {% set columns, selects = [], [] %}
    {% for column in files[0].columns %}{% do columns.append(quoted(column)) %}{% endfor %}
    {% set rows_before = namespace(value=0) %}
    {% for file in files %}
        {% set reader = file_reader(file, file.path) %}
        {% do selects.append(
            'select file_row_number + ' ~ (rows_before.value + 1) ~ ' as input_row_number, ' ~ columns | join(', ')
            ~ ' from ' ~ reader
        ) %}
        {% set rows_before.value = rows_before.value + run_query('select count(*) from ' ~ reader).rows[0][0] %}
    {% endfor %}
    {{ return(selects | join(' union all ')) }}
{% endmacro %}
