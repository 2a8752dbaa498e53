{#
    A number between 0 and 1 that looks random and depends on nothing but the values given: neither on the order of the rows
    nor on the number of threads. An engine has a hash function of its own, so another engine draws other rows.
    Example: {{ row_hash(['customer_id', "'seed'"]) }} as uniform_draw
#}
{% macro row_hash(values) -%}
    ({{ customer_segmentation.hash_number(values) }} / 18446744073709551616.0)
{%- endmacro %}
