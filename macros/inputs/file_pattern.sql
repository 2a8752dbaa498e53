{# The name of a file as a SQL text that DuckDB reads as exactly that file, although it treats names as patterns. #}
{% macro file_pattern(path) %}
    {{ return("'" ~ modules.re.sub('[*?[{]', '[\\g<0>]', path) | replace("'", "''") ~ "'") }}
{% endmacro %}
