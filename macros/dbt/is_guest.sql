{# Whether this project is a package of another dbt project, whose schemas, seeds and files are not ours. #}
{% macro is_guest() %}
    {{ return(project_name != 'customer_segmentation') }}
{% endmacro %}
