{#
    Keep DuckDB within the memory, the cores and the disk space that the vars memory_limit, database_threads,
    spill_folder and spill_limit grant, or stop with a plain message if one of them is invalid. Runs at the start of
    every build. The settings apply to the whole database, and so to every connection and every Python model of the run.
    They are not in profiles.yml, which does not see the vars of dbt_project.yml.
#}
{% macro limit_resources() %}
    {% if not execute %}{{ return('') }}{% endif %}
    {% for name, setting in [('memory_limit', 'memory_limit'), ('spill_limit', 'max_temp_directory_size')] %}
        {% set size = var(name) %}
        {% if size is not none %}
            {% if not modules.re.fullmatch('(?i)(?=.*[1-9])[0-9]+([.][0-9]+)? ?[KMGT]i?B', size ~ '') %}
                {% do exceptions.raise_compiler_error(
                    "The var " ~ name ~ " is '" ~ size
                    ~ "'. Expected a size above zero such as '2GB' or '500 MB', or null for the default of "
                    ~ "DuckDB."
                ) %}
            {% endif %}
            {% do run_query("set global " ~ setting ~ " = '" ~ size ~ "'") %}
        {% endif %}
    {% endfor %}
    {% set threads = var('database_threads') %}
    {% if threads is not none %}
        {% if not modules.re.fullmatch('[1-9][0-9]{0,3}', threads ~ '') %}
            {% do exceptions.raise_compiler_error(
                "The var database_threads is '" ~ threads
                ~ "'. Expected a whole number from 1 to 9999, or null for all cores."
            ) %}
        {% endif %}
        {% do run_query("set global threads = " ~ threads) %}
    {% endif %}
    {% set folder = var('spill_folder') %}
    {% if folder is not none %}
        {% set quoted_folder = "'" ~ (folder ~ '').replace("'", "''") ~ "'" %}
        {% set problem = run_query("select spill_folder_problem(" ~ quoted_folder ~ ")").rows[0][0] %}
        {% if problem %}{% do exceptions.raise_compiler_error(problem) %}{% endif %}
        {% do run_query("set global temp_directory = " ~ quoted_folder) %}
    {% endif %}
{% endmacro %}
