{#
    The schema of a node of this project. The names of dbt_project.yml as they are, so that a reader finds `marts`, not `main_marts`;
    with the target `dev` behind the schema of the target, so that several people can build in one database. Inside another dbt
    project it is what that project does with its own nodes.
#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {%- if project_name != 'customer_segmentation' -%}
        {%- set own = context.get(project_name, {}).get('generate_schema_name', dbt.generate_schema_name) -%}
        {{ own(custom_schema_name, node) | trim }}
    {%- elif target.name == 'dev' and custom_schema_name -%}
        {{ target.schema }}_{{ custom_schema_name | trim }}
    {%- else -%}
        {{ (custom_schema_name or target.schema) | trim }}
    {%- endif -%}
{%- endmacro %}
