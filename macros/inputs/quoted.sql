{# The name of a column of an input between double quotes, whatever characters it holds. #}
{% macro quoted(name) %}
    {{ return('"' ~ name | replace('"', '""') ~ '"') }}
{% endmacro %}
