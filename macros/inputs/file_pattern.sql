{# The name of a file as a SQL text that DuckDB, which takes names for patterns, reads as that file alone. #}
{% macro file_pattern(path) %}
    {{ return("'" ~ modules.re.sub('[*?[{]', '[\\g<0>]', path) | replace("'", "''") ~ "'") }}
{% endmacro %}
