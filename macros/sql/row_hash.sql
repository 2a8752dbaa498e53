{#
    A number between 0 and 1 that looks random and depends only on the given values, not on the order of the rows or the
    number of threads. Each engine has its own hash function, so another engine draws other rows.
    Example: {{ row_hash(['customer_id', "'seed'"]) }} as uniform_draw
#}
{% macro row_hash(values) -%}
    ({{ customer_segmentation.hash_number(values) }} / 18446744073709551616.0)
{%- endmacro %}
