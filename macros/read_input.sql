{#
    Read an input as it comes: all columns under their own names, and `input_row_number`. From the file, glob or table that
    the var of the same name gives; otherwise from `default_relation`.
    Text files are read without guessing types, so that staging can say of every value why it cannot be used.
    Example: {{ read_input('mall_customers', ref('mall_customers')) }}
#}
{% macro read_input(input, default_relation=none) %}
    {% do stop_on_seed_problems() %}
    {% set location = input_location(input) %}
    {% if not execute %}
        {# the source is there while the var names a spreadsheet #}
        {% if (location.name or '').lower().endswith('.xlsx') %}{% do source('spreadsheets', input) %}{% endif %}
        {{ return('select 1 as input_row_number') }}
    {% endif %}
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
    {% if files[0].format == 'xlsx' %}
        {# only now: asking for the source makes the excel plugin load the file #}
        {{ return(numbered_rows(source('spreadsheets', input))) }}
    {% endif %}
    {% if files[0].format == 'parquet' and 'file_row_number' not in files[0].columns | map('lower') %}
        {{ return(numbered_parquet_rows(files)) }}
    {% endif %}
    {% set columns = [] %}
    {% for column in files[0].columns %}{% do columns.append(quoted(column)) %}{% endfor %}
    {% set selects = [] %}
    {% for file in files %}
        {% do selects.append('select ' ~ columns | join(', ') ~ ' from ' ~ file_reader(file, input ~ '_' ~ loop.index)) %}
    {% endfor %}
    {{ return(numbered_rows('(' ~ selects | join(' union all ') ~ ')')) }}
{% endmacro %}
