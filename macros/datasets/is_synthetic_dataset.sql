{#
    An expression that says of each row whether its customers are made up, by a column that names their dataset.
    Example: {{ is_synthetic_dataset('final.dataset') }} as is_synthetic
#}
{% macro is_synthetic_dataset(column) -%}
    {%- set made_up = customer_segmentation.synthetic_datasets() -%}
    {{ column ~ ' in (' ~ customer_segmentation.quoted_words(made_up) ~ ')' if made_up else 'false' }}
{%- endmacro %}
