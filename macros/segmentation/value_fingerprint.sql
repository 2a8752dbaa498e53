{#
    A whole number from 0 that is the same for the same values of a customer, and for others another one: the next build tells by
    it whose values have changed. Engines and their versions compute different ones.
    Example: {{ value_fingerprint(2) }} as fingerprint
#}
{% macro value_fingerprint(features) -%}
    {%- set values = [] -%}
    {%- for position in range(1, features + 1) -%}{%- do values.append('value_' ~ position) -%}{%- endfor -%}
    cast({{ customer_segmentation.hash_number(values) }} >> 1 as bigint)
{%- endmacro %}
