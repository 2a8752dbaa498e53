{#
    The values of a group as one list, in the order of a column.
    Example: {{ ordered_list('scaled_centroid', 'position') }} as centroid
#}
{% macro ordered_list(expression, order_by) -%}
    list({{ expression }} order by {{ order_by }})
{%- endmacro %}
