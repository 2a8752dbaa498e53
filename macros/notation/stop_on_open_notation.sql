{# Stop the build because the values of a column can be read in two ways. #}
{% macro stop_on_open_notation(input, column, example, question, way_out) %}
    {% do exceptions.raise_compiler_error(
        "The input " ~ input ~ " (" ~ customer_segmentation.input_origin(input) ~ "), column " ~ column
        ~ ": found values such as '" ~ example
        ~ "', and the column leaves open " ~ question ~ ". " ~ way_out ~ "."
    ) %}
{% endmacro %}
