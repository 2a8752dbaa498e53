{#
    Stop inside another dbt project if the build cannot work: its var `datasets` names an example of this project (as it
    does if the var is missing), or one of its models has the name of one of ours, and our other models would read it
    instead.
#}
{% macro stop_on_host() %}
    {% if not execute or not customer_segmentation.is_guest() %}{{ return('') }}{% endif %}
    {% for name in customer_segmentation.names_in_var('datasets')
        if 'model.customer_segmentation.input_' ~ name ~ '_customers' in graph.nodes %}
        {% do exceptions.raise_compiler_error(
            "The var datasets names " ~ name ~ ", an example of the package customer_segmentation that is not built in "
            ~ project_name
            ~ ". List datasets of your own in dbt_project.yml, directly under vars; `segmentation init NAME SOURCE` "
            ~ "does it."
        ) %}
    {% endfor %}
    {% set ours, others = [], [] %}
    {% for node in graph.nodes.values() if node.resource_type in ('model', 'seed', 'snapshot') %}
        {% do (ours if node.package_name == 'customer_segmentation' else others).append(node) %}
    {% endfor %}
    {% for node in others if node.name in ours | map(attribute='name') | list %}
        {% do exceptions.raise_compiler_error(
            node.original_file_path ~ " has the name of a table of the package customer_segmentation, whose models "
            ~ "would read it instead. "
            ~ ("If it is to replace that table, switch the other one off: seeds, customer_segmentation, judgement, "
            ~ node.name
                ~ ": {+enabled: false} in dbt_project.yml. Otherwise rename it." if node.resource_type == 'seed' else
                "Rename it; its config `alias: " ~ node.name ~ "` keeps the name of its table.")
        ) %}
    {% endfor %}
{% endmacro %}
