{#
    Stop before anything is built if a seed file is empty or one of its rows does not have one value per column, naming
    the line and the cause. dbt itself also fails on such files, but says neither where nor what to do. Runs at the
    start of every build; it does nothing inside another dbt project, which loads seeds in its own way. Columns are
    checked by conform_seed, once the seed is loaded.
#}
{% macro check_seed_files() %}
    {% if not execute %}{{ return('') }}{% endif %}
    {% for seed in graph.nodes.values() | selectattr('resource_type', 'equalto', 'seed')
        | selectattr('package_name', 'equalto', 'customer_segmentation') if not customer_segmentation.is_guest() %}
        {% set file = seed.original_file_path %}
        {% set texts = run_query(
            "select trim(content, ' ' || chr(9) || chr(10) || chr(13)) from read_text("
            ~ customer_segmentation.file_pattern(file) ~ ")"
        ) %}
        {% if texts.rows | length == 1 and not texts.rows[0][0] %}
            {% do exceptions.raise_compiler_error(
                file ~ " is empty. Expected a header line with the columns " ~ seed.columns.keys() | join(', ')
                ~ ", and at least one row. Restore the file or fill it."
            ) %}
        {% elif texts.rows | length == 1 %}
            {% set header = texts.rows[0][0].splitlines()[0].split(',') %}
            {% set columns = [] %}
            {% for name in header %}{% do columns.append("'column_" ~ loop.index ~ "': 'varchar'") %}{% endfor %}
            {% set options = customer_segmentation.seed_file_format() ~ ", columns = {" ~ columns | join(', ') ~ "}" %}
            {% do customer_segmentation.stop_on_broken_lines(file, options, header, seed.name) %}
        {% endif %}
    {% endfor %}
{% endmacro %}
