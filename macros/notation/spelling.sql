{# The name of a column without what differs from file to file: upper case, spaces, underscores, brackets, marks. #}
{% macro spelling(name) %}
    {{ return(modules.re.sub('[\\W_]', '', name | lower)) }}
{% endmacro %}
