{#
    The schema of a node of this project. The names of dbt_project.yml are used as they are, so that readers find
    `marts`, not `main_marts`. If the target names a schema, as `dev` does, it comes first, so that several people
    can build in one database. Inside another dbt project, that project's own rule applies.
#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {%- if project_name != 'customer_segmentation' -%}
        {%- set own = context.get(project_name, {}).get('generate_schema_name', dbt.generate_schema_name) -%}
        {{ own(custom_schema_name, node) | trim }}
    {%- elif target.schema != 'main' and custom_schema_name -%}
        {{ target.schema }}_{{ custom_schema_name | trim }}
    {%- else -%}
        {{ (custom_schema_name or target.schema) | trim }}
    {%- endif -%}
{%- endmacro %}
