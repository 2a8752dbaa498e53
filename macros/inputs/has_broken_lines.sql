{# Whether the file behind an input has lines that are not records. `relation` is the model that reads the input. #}
{% macro has_broken_lines(relation) %}
    {{ return('input_problem' in adapter.get_columns_in_relation(relation) | map(attribute='name')) }}
{% endmacro %}
