{#
    Where the rows of an input come from, for a published table: a place on a machine is told by the name of its file alone.
#}
{% macro published_origin(input) %}
    {% set origin = input_origin(input) | replace('\\', '/') %}
    {{ return(origin.split('/')[-1] if origin[:1] in '/~' or origin[1:2] == ':' else origin) }}
{% endmacro %}
