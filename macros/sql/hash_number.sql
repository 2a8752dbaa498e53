{#
    A number made from the values of columns: equal values give equal numbers, and different values hardly ever do. Spark calls
    it `xxhash64`. It finds what may be equal quickly; whether it is, the values themselves have to say.
    Example: {{ hash_number(['segmentation', 'customer_id']) }}
#}
{% macro hash_number(columns) -%}
    hash({{ columns | join(', ') }})
{%- endmacro %}
