{#
    Stop before anything is built if a seed file is empty or one of its rows does not have one value per column, naming
    the line and the cause. dbt itself also fails on such files, but says neither where nor what to do. Runs at the
    start of every build; it does nothing inside another dbt project, which loads seeds in its own way. Columns are
    checked by conform_seed, once the seed is loaded.
#}
{% macro check_seed_files() %}
    {% if not execute or customer_segmentation.is_guest() %}{{ return('') }}{% endif %}
    {% set seeds = graph.nodes.values() | selectattr('resource_type', 'equalto', 'seed')
        | selectattr('package_name', 'equalto', 'customer_segmentation') | list %}
    {# all files in one query: every run of dbt waits for it #}
    {% set patterns = [] %}
    {% for seed in seeds %}
        {% do patterns.append(customer_segmentation.file_pattern(seed.original_file_path)) %}
    {% endfor %}
    {% set texts = dict(run_query(
        "select filename, trim(content, ' ' || chr(9) || chr(10) || chr(13)) from read_text(["
        ~ patterns | join(', ') ~ "])"
    ).rows | map('list')) %}
    {% set files = {} %}
    {% for seed in seeds if seed.original_file_path in texts %}
        {% set file = seed.original_file_path %}
        {% if not texts[file] %}
            {% do exceptions.raise_compiler_error(
                file ~ " is empty. Expected a header line with the columns " ~ seed.columns.keys() | join(', ')
                ~ ", and at least one row. Restore the file or fill it."
            ) %}
        {% endif %}
        {% do files.update({file: texts[file].splitlines()[0].split(',')}) %}
    {% endfor %}
    {% do customer_segmentation.stop_on_broken_lines(files) %}
{% endmacro %}
