{#
    Stop the build if a line of a seed file does not have one value per column, naming the line and the cause. `files`:
    path to names of its columns.
#}
{% macro stop_on_broken_lines(files) %}
    {% if not files %}{{ return('') }}{% endif %}
    {% set readings, findings = [], [] %}
    {% for file, names in files.items() %}
        {% set columns, table = [], "'seed_file_" ~ loop.index %}
        {% for name in names %}{% do columns.append("'column_" ~ loop.index ~ "': 'varchar'") %}{% endfor %}
        {# the hash reads every value of every line #}
        {% do readings.append(
            "select hash(counts) from (select count(columns(*)) from read_csv("
            ~ customer_segmentation.file_pattern(file) ~ ", " ~ customer_segmentation.seed_file_format()
            ~ ", columns = {" ~ columns | join(', ') ~ "}, store_rejects = true, "
            ~ "rejects_table = " ~ table ~ "_errors', rejects_scan = " ~ table ~ "_scans')) as counts"
        ) %}
        {# a line has one error for each missing or extra value #}
        {% do findings.append(
            "select " ~ loop.index0 ~ " as file, line, first(error_message order by column_idx), first(csv_line) "
            ~ "from seed_file_" ~ loop.index ~ "_errors group by line"
        ) %}
    {% endfor %}
    {% do run_query(readings | join(' union all ')) %}
    {% set errors = run_query(findings | join(' union all ') ~ " order by file, line").rows %}
    {% if errors | length > 0 %}
        {% set file, line, message, found = errors[0] %}
        {% set others = errors | selectattr(0, 'equalto', file) | list | length - 1 %}
        {% set file = (files | list)[file | int] %}
        {% do exceptions.raise_compiler_error(
            file ~ ", line " ~ line ~ ": " ~ message ~ " Found " ~ found | trim
            ~ "; expected one value for each of the columns " ~ files[file] | join(', ') | trim
            ~ ". Put texts that hold the separator between double quotes"
            ~ (" (and " ~ others ~ " more lines)." if others else ".")
        ) %}
    {% endif %}
{% endmacro %}
