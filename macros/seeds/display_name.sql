{#
    What people see instead of the key of a segmentation or dataset: the display name of the seed, or the words of the
    key. customer_segmentation.formatting.title_of makes the same words in Python.
    Example: {{ display_name('segmentations.display_name', 'segmentations.segmentation') }} as segmentation_name
#}
{% macro display_name(name, key) -%}
coalesce(nullif({{ name }}, ''), upper(substr({{ key }}, 1, 1)) || replace(substr({{ key }}, 2), '_', ' '))
{%- endmacro %}
