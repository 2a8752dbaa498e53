{#
    The meta of the model of a public table, with that of its folder in dbt_project.yml; empty while parsing. A table of
    this package goes before one of the same name in the project that installs it.
    Example: {{ meta_of_table('segments').get('table_group') }}
#}
{% macro meta_of_table(name) %}
    {% if not execute %}{{ return({}) }}{% endif %}
    {% set models = graph.nodes.values() | selectattr('resource_type', 'equalto', 'model')
        | selectattr('name', 'equalto', name) | list %}
    {% set own = models | selectattr('package_name', 'equalto', 'customer_segmentation') | list %}
    {{ return((own or models)[0].config.meta) }}
{% endmacro %}
