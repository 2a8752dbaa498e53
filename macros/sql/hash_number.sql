{#
    A hash of column values: equal values give equal numbers, and different values hardly ever do. Spark calls it
    `xxhash64`. It finds possibly equal rows quickly; compare the values themselves to be sure.
    Example: {{ hash_number(['segmentation', 'customer_id']) }}
#}
{% macro hash_number(columns) -%}
    hash({{ columns | join(', ') }})
{%- endmacro %}
