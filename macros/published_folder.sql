{#
    Where readers find the result: the var `published_folder`, else `published`; inside another dbt project that names no folder
    nothing is published, and this is empty.
#}
{% macro published_folder() %}
    {{ return(var('published_folder') or ('' if customer_segmentation.is_guest() else 'published')) }}
{% endmacro %}
