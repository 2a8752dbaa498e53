{#
    What the model that reads an input says of itself: {name, is_relation, is_synthetic, fingerprint, database,
    schema}. `name` is where it reads,
    as read_input was told; of a table that dbt knows, its name.
#}
{% macro input_description(input) %}
    {# neither while parsing nor in unit tests is the project known #}
    {% set nodes = (graph.nodes or {}).values() %}
    {% set node = nodes | selectattr('name', 'equalto', 'input_' ~ input) | first %}
    {% set told = (node.config.meta.get('input') if node) or {} %}
    {% set name = told.get('name') %}
    {% if told.get('is_relation') %}
        {% set name = node.sources[0] | join('.') if node.sources else node.refs[0].name %}
    {% endif %}
    {{ return({
        'name': name, 'is_relation': told.get('is_relation', false), 'is_synthetic': told.get('is_synthetic', false),
        'fingerprint': told.get('fingerprint'), 'database': node.database if node, 'schema': node.schema if node,
    }) }}
{% endmacro %}
