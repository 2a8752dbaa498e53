{#
    The folder of the quality suites that apply to every project. Inside another dbt project it is in the folder of this
    package, which only the seeds of the package know.
#}
{% macro quality_folder() %}
    {% if not execute or not customer_segmentation.is_guest() %}{{ return('quality') }}{% endif %}
    {{ return(graph.nodes['seed.customer_segmentation.input_notations'].root_path ~ '/quality') }}
{% endmacro %}
