{#
    Read an input as it comes: all columns under their own names, and `input_row_number`. From the file, glob or table that
    the var of the same name gives; otherwise from `default_relation`. Where a file has lines that are no record, they have
    no values, and `input_problem` and `input_line` say why and how they came.
    Text files are read without guessing types, so that staging can say of every value why it cannot be used.
    Example: {{ read_input('mall_customers', ref('mall_customers')) }}
#}
{% macro read_input(input, default_relation=none) %}
    {% do config(post_hook="{{ stop_on_lost_rows('" ~ input ~ "') }}") %}
    {% do stop_on_seed_problems() %}
    {% set location = input_location(input) %}
    {% if not execute or (only_compiles() and not is_built(this, may_be_empty=true)) %}{{ return('select 1 as input_row_number') }}{% endif %}
    {% if location.kind == 'default' and default_relation is none %}
        {% do exceptions.raise_compiler_error(
            "The var " ~ input ~ " names nothing. Expected a file (.csv, .csv.gz, .parquet or .xlsx), a glob or a table."
        ) %}
    {% elif location.kind == 'default' %}
        {{ return(numbered_rows(default_relation)) }}
    {% elif location.kind == 'table' %}
        {{ return(numbered_rows(input_table(input, location.name))) }}
    {% endif %}
    {% set files = inspected_files(input, location.name) %}
    {% for file in files if file.note %}{% do log(input ~ ': ' ~ file.note, info=true) %}{% endfor %}
    {% if files[0].format == 'parquet' and 'file_row_number' not in files[0].columns | map('lower') %}
        {{ return(numbered_parquet_rows(files)) }}
    {% endif %}
    {% set columns, selects, broken = [], [], files | selectattr('has_broken_lines') | list %}
    {% for column in files[0].columns %}{% do columns.append(quoted(column)) %}{% endfor %}
    {% for file in files %}
        {% set problem = 'input_problem, input_line' if file.has_broken_lines else 'null as input_problem, null as input_line' %}
        {% do selects.append('select ' ~ columns | join(', ') ~ (', ' ~ problem if broken else '') ~ ' from ' ~ file.reader) %}
    {% endfor %}
    {{ return(numbered_rows('(' ~ selects | join(' union all ') ~ ')')) }}
{% endmacro %}
