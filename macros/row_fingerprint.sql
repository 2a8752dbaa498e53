{#
    A whole number from 0 that is the same for the same values, and for others another one. Engines and their versions
    compute different ones, so it is compared only with what the same engine wrote; where it differs, work is done again.
    Example: {{ row_fingerprint(['value_1', 'value_2']) }} as fingerprint
#}
{% macro row_fingerprint(values) -%}
    cast({{ customer_segmentation.hash_number(values) }} >> 1 as bigint)
{%- endmacro %}
