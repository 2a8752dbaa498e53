{#
    An expression that tells for each row whether its customers are synthetic, from a column that names their dataset.
    Example: {{ is_synthetic_dataset('final.dataset') }} as is_synthetic
#}
{% macro is_synthetic_dataset(column) -%}
    {%- set made_up = customer_segmentation.synthetic_datasets() -%}
    {{ column ~ ' in (' ~ customer_segmentation.quoted_words(made_up) ~ ')' if made_up else 'false' }}
{%- endmacro %}
