{#
    Whether this project generated the rows of an input, so that they are not mistaken for real customers. A file whose
    rows were replaced is not synthetic, whatever its name.
#}
{% macro is_synthetic(input) %}
    {{ return(
        customer_segmentation.input_description(input).is_synthetic and customer_segmentation.is_example(input)
    ) }}
{% endmacro %}
