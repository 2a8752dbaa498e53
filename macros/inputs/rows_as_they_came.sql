{#
    The rows of an input as a query, as read_input describes. Lines of a file that are not records have no values;
    `input_problem` and `input_line` give the reason and the original line. Text files are read without guessing types,
    so that staging can say for every value why it cannot be used.
#}
{% macro rows_as_they_came(input, source) %}
    {% set location = customer_segmentation.input_location(input) %}
    {% if location.kind == 'relation' %}
        {{ return(customer_segmentation.numbered_rows(source)) }}
    {% elif location.kind == 'table' %}
        {{ return(customer_segmentation.numbered_rows(customer_segmentation.input_table(input, location.name))) }}
    {% endif %}
    {% set files = customer_segmentation.inspected_files(input, location.name) %}
    {% for file in files if file.note %}{% do log(input ~ ': ' ~ file.note, info=true) %}{% endfor %}
    {% if files[0].format == 'parquet' and 'file_row_number' not in files[0].columns | map('lower') %}
        {{ return(customer_segmentation.numbered_parquet_rows(files)) }}
    {% endif %}
    {% set columns, selects, broken = [], [], files | selectattr('has_broken_lines') | list %}
    {% for column in files[0].columns %}{% do columns.append(customer_segmentation.quoted(column)) %}{% endfor %}
    {% for file in files %}
        {% set problem = 'input_problem, input_line' if file.has_broken_lines
            else 'null as input_problem, null as input_line' %}
        {% do selects.append(
            'select ' ~ columns | join(', ') ~ (', ' ~ problem if broken else '') ~ ' from ' ~ file.reader
        ) %}
    {% endfor %}
    {{ return(customer_segmentation.numbered_rows('(' ~ selects | join(' union all ') ~ ')')) }}
{% endmacro %}
