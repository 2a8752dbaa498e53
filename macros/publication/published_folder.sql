{#
    Folder where readers find the result: the var `published_folder`, or else `published`; if the target names a schema,
    as `dev` does, a separate folder per developer. Empty inside another dbt project that names no folder, because
    nothing is published there.
#}
{% macro published_folder() %}
    {% set own = 'published_' ~ target.schema if target.schema != 'main' else 'published' %}
    {{ return(var('published_folder') or ('' if customer_segmentation.is_guest() else own)) }}
{% endmacro %}
