{#
    Stop the build because a required column of an input does not contain single values. `column` is its name, `type`
    what it holds.
#}
{% macro stop_on_nested_column(input, column, type, read_as) %}
    {% do exceptions.raise_compiler_error(
        "The input " ~ input ~ " (" ~ customer_segmentation.input_origin(input) ~ "), column " ~ column
        ~ ": found the type " ~ type
        ~ ", expected one number, date or text in each row, to be read as " ~ read_as
        ~ ". Write a file or a table in which "
        ~ column ~ " is a plain column, or give it another name if it is not " ~ read_as ~ "."
    ) %}
{% endmacro %}
