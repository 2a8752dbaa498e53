{#
    Whether the models of the last build are kept (var `keep_model`). Stops at any value other than true and false: the
    text "false" would count as true.
#}
{% macro model_is_kept() %}
    {% if execute and var('keep_model') not in [true, false] %}
        {% do exceptions.raise_compiler_error(
            "The var `keep_model` is '" ~ var('keep_model')
            ~ "'. Expected true or false. Correct it in dbt_project.yml or where "
            ~ "you pass it with --vars."
        ) %}
    {% endif %}
    {{ return(var('keep_model') == true) }}
{% endmacro %}
