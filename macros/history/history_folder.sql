{#
    Folder of the durable history: the var `history_folder`, or else `history`; if the target names a schema, as `dev`
    does, a separate folder per developer. Empty where nothing is recorded: with the var `none`, and inside another dbt
    project that names no folder.
#}
{% macro history_folder() %}
    {% set wanted = customer_segmentation.setting('history_folder') %}
    {% set own = 'history_' ~ target.schema if target.schema != 'main' else 'history' %}
    {{ return('' if wanted == 'none' else wanted or ('' if customer_segmentation.is_guest() else own)) }}
{% endmacro %}
