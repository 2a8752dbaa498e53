{#
    The folder of the quality suites that hold for every project. Inside another dbt project it lies where this package does, which
    only its seeds know.
#}
{% macro quality_folder() %}
    {% if not execute or not customer_segmentation.is_guest() %}{{ return('quality') }}{% endif %}
    {{ return(graph.nodes['seed.customer_segmentation.input_notations'].root_path ~ '/quality') }}
{% endmacro %}
