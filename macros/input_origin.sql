{# Where the rows of an input come from, for a message or a table: a file, a table, or this project. #}
{% macro input_origin(input) %}
    {% set name = input_location(input).name or 'this project' %}
    {{ return(name ~ ' (synthetic)' if is_synthetic(input) else name) }}
{% endmacro %}
