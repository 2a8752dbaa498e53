{# Whether a column of an input already has the type that staging needs, so that nothing has to be parsed. #}
{% macro has_its_type(entry) %}
    {{ return(
        (entry.kind == 'number' and entry.type in ('whole', 'fraction'))
        or (entry.kind == 'date' and entry.type == 'date')
    ) }}
{% endmacro %}
