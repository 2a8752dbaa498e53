{#
    Stop inside another dbt project whose var `datasets` names an example of this one, which it does where the var is missing: the
    examples are not for other projects.
#}
{% macro stop_on_examples() %}
    {% if not execute or not customer_segmentation.is_guest() %}{{ return('') }}{% endif %}
    {% for name in customer_segmentation.names_in_var('datasets')
        if 'model.customer_segmentation.input_' ~ name ~ '_customers' in graph.nodes %}
        {% do exceptions.raise_compiler_error(
            "The var datasets names " ~ name ~ ", an example of the package customer_segmentation that is not built in " ~ project_name
            ~ ". List datasets of your own in dbt_project.yml, directly under vars; `segmentation init NAME SOURCE` does it."
        ) %}
    {% endfor %}
{% endmacro %}
