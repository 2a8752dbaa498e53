{#
    Where readers find the result: the var `published_folder`, else `published`, with the target `dev` a folder of the developer's own;
    inside another dbt project that names no folder nothing is published, and this is empty.
#}
{% macro published_folder() %}
    {% set own = 'published_' ~ target.schema if target.name == 'dev' else 'published' %}
    {{ return(var('published_folder') or ('' if customer_segmentation.is_guest() else own)) }}
{% endmacro %}
