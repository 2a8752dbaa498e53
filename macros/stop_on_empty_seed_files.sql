{#
    Stop before anything is built if a seed file has no content: dbt itself fails on it with "a callable raised a
    StopIteration exception". Runs at the start of every build.
#}
{% macro stop_on_empty_seed_files() %}
    {% if not execute %}{{ return('') }}{% endif %}
    {% for seed in graph.nodes.values() | selectattr('resource_type', 'equalto', 'seed') %}
        {% set content = run_query("select trim(content, ' ' || chr(9) || chr(10) || chr(13)) from read_text('" ~ seed.original_file_path ~ "')") %}
        {% if content.rows | length == 1 and not content.rows[0][0] %}
            {% do exceptions.raise_compiler_error(
                seed.original_file_path ~ " is empty. Expected a header line with the columns "
                ~ seed.columns.keys() | join(', ') ~ ", and at least one row. Restore the file or fill it."
            ) %}
        {% endif %}
    {% endfor %}
{% endmacro %}
