{#
    The key of a segment in one column, for tools that relate tables by one: the segmentation and the number of the
    segment. No name of a segmentation has a colon, so no two segments share a key.
    Example: {{ segment_key('personas.segmentation', 'personas.segment_id') }} as segment_key
#}
{% macro segment_key(segmentation, segment_id) -%}
    {{ segmentation }} || ':' || cast({{ segment_id }} as {{ dbt.type_string() }})
{%- endmacro %}
