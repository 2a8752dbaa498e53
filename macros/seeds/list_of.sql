{#
    The distinct values of a column as one text, for a message that lists the valid values.
    Example: {{ list_of('segmentation', ref('segmentations')) }} as known_segmentations
#}
{% macro list_of(column, relation) -%}
    (
        select {{ dbt.listagg(column, "', '", 'order by ' ~ column) }}
        from (select distinct {{ column }} from {{ relation }}) as listed
    )
{%- endmacro %}
