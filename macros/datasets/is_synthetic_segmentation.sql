{#
    An expression that tells for each row whether its customers are synthetic, from a column that names their
    segmentation.
    Example: {{ is_synthetic_segmentation('final.segmentation') }} as is_synthetic
#}
{% macro is_synthetic_segmentation(column) -%}
    {%- set segmentations = ref('segmentations') if not execute -%}
    {%- set made_up = customer_segmentation.synthetic_datasets() if execute -%}
    {%- set names = [] -%}
    {%- if made_up and customer_segmentation.is_built(ref('segmentations')) -%}
        {%- set query = "select segmentation from " ~ ref('segmentations').render() ~ " where "
            ~ customer_segmentation.is_synthetic_dataset('dataset') -%}
        {%- for name in run_query(query ~ " order by 1").columns[0].values() -%}
            {%- do names.append(name) -%}
        {%- endfor -%}
    {%- endif -%}
    {{ column ~ ' in (' ~ customer_segmentation.quoted_words(names) ~ ')' if names else 'false' }}
{%- endmacro %}
