{#
    Stop before anything is built if a seed file is empty or one of its rows does not have one value per column, naming the
    line and the cause. dbt itself fails on such files too, but says neither where nor what to do.
    Runs at the start of every build. Columns are checked by conform_seed, once the seed is loaded.
#}
{% macro check_seed_files() %}
    {% if not execute %}{{ return('') }}{% endif %}
    {% for seed in graph.nodes.values() | selectattr('resource_type', 'equalto', 'seed') %}
        {% set file = seed.original_file_path %}
        {% set texts = run_query("select trim(content, ' ' || chr(9) || chr(10) || chr(13)) from read_text('" ~ file ~ "')") %}
        {% if texts.rows | length == 1 and not texts.rows[0][0] %}
            {% do exceptions.raise_compiler_error(
                file ~ " is empty. Expected a header line with the columns " ~ seed.columns.keys() | join(', ')
                ~ ", and at least one row. Restore the file or fill it."
            ) %}
        {% elif texts.rows | length == 1 %}
            {% set header = texts.rows[0][0].splitlines()[0].split(',') %}
            {% set columns = [] %}
            {% for name in header %}{% do columns.append("'column_" ~ loop.index ~ "': 'varchar'") %}{% endfor %}
            {% do run_query(
                "select count(columns(*)) from read_csv('" ~ file ~ "', " ~ seed_file_format() ~ ", columns = {"
                ~ columns | join(', ') ~ "}, store_rejects = true, rejects_table = '" ~ seed.name ~ "_errors', "
                ~ "rejects_scan = '" ~ seed.name ~ "_scans')"
            ) %}
            {% set errors = run_query(
                "select line, error_message, csv_line from " ~ seed.name ~ "_errors order by line"
            ).rows %}
            {% if errors | length > 0 %}
                {% do exceptions.raise_compiler_error(
                    file ~ ", line " ~ errors[0][0] ~ ": " ~ errors[0][1] ~ " Found " ~ errors[0][2] | trim
                    ~ "; expected one value for each of the columns " ~ header | join(', ') | trim
                    ~ ". Put texts that hold a comma between double quotes"
                    ~ (" (and " ~ (errors | length - 1) ~ " more lines)." if errors | length > 1 else ".")
                ) %}
            {% endif %}
        {% endif %}
    {% endfor %}
{% endmacro %}
