{#
    An expression that says of each row whether its customers are made up, by a column that names their segmentation.
    Example: {{ is_synthetic_segmentation('final.segmentation') }} as is_synthetic
#}
{% macro is_synthetic_segmentation(column) -%}
    {%- if not execute -%}{%- do ref('segmentations') -%}{%- endif -%}
    {%- set made_up = customer_segmentation.synthetic_datasets() if execute -%}
    {%- set query = "select segmentation from " ~ ref('segmentations') ~ " where " ~ customer_segmentation.is_synthetic_dataset('dataset') if made_up -%}
    {{ column ~ ' in (' ~ query ~ ')' if made_up else 'false' }}
{%- endmacro %}
