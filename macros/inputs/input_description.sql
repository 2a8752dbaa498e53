{#
    What the model that reads an input declares: {name, is_relation, is_synthetic, fingerprint, database, schema}.
    `name` is the source passed to read_input; for a relation of dbt, its name.
#}
{% macro input_description(input) %}
    {# the project is known neither while parsing nor in unit tests #}
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
