{#
    The table function that reads one file, given what inspected_files found out about it. Stops the build at a row of a text
    file that does not have one value per column. `name` tells files apart while they are checked.
#}
{% macro file_reader(file, name) %}
    {% set path = "'" ~ file.path | replace("'", "''") ~ "'" %}
    {% if file.format == 'parquet' %}{{ return('read_parquet(' ~ path ~ ')') }}{% endif %}
    {% set columns = [] %}
    {% for column in file.columns %}{% do columns.append("'" ~ column | replace("'", "''") ~ "': 'varchar'") %}{% endfor %}
    {% set options %}
        auto_detect = false, header = true, delim = '{{ file.separator }}', quote = '"', escape = '"',
        encoding = '{{ file.encoding }}', compression = '{{ file.compression }}', strict_mode = {{ not file.has_mixed_line_ends }},
        columns = { {{- columns | join(', ') -}} }
    {% endset %}
    {% do stop_on_broken_lines(file.path, options, file.columns, name) %}
    {{ return('read_csv(' ~ path ~ ', ' ~ options ~ ')') }}
{% endmacro %}
