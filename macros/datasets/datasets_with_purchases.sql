{#
    The enabled datasets that have an input of purchases in addition to their customers.
    Example: {% for dataset in datasets_with_purchases() %}
#}
{% macro datasets_with_purchases() %}
    {{ return(
        customer_segmentation.names_in_var('datasets_with_purchases', may_be_empty=true)
        | select('in', customer_segmentation.names_in_var('datasets')) | list
    ) }}
{% endmacro %}
