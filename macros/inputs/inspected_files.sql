{#
    How each file at a location has to be read, as customer_segmentation.inputs.files finds out: [{path, format,
    columns, ...}]. Stops the build with the reason if one cannot be read.
#}
{% macro inspected_files(input, location) %}
    {% set answer = fromjson(
        run_query("select inspect_input('" ~ location | replace("'", "''") ~ "')").rows[0][0]
    ) %}
    {% if 'problem' in answer %}
        {% do exceptions.raise_compiler_error("The input " ~ input ~ " cannot be used: " ~ answer.problem) %}
    {% endif %}
    {{ return(answer.files) }}
{% endmacro %}
