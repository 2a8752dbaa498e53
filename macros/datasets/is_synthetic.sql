{#
    Whether the rows of an input were made up by this project, so that they are not taken for customers. A file in which other
    rows were put is not synthetic, whatever its name.
#}
{% macro is_synthetic(input) %}
    {{ return(customer_segmentation.input_description(input).is_synthetic and customer_segmentation.is_example(input)) }}
{% endmacro %}
