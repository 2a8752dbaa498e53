{#
    A whole number from 0 that is the same for the same values of a customer and differs for other values: the next
    build uses it to detect customers with changed values. Engines and their versions compute different numbers.
    Example: {{ value_fingerprint(2) }} as fingerprint
#}
{% macro value_fingerprint(features) -%}
    {%- set values = [] -%}
    {%- for position in range(1, features + 1) -%}{%- do values.append('value_' ~ position) -%}{%- endfor -%}
    cast({{ customer_segmentation.hash_number(values) }} >> 1 as bigint)
{%- endmacro %}
