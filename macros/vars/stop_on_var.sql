{#
    Stop because of the value of a var.
    Example: {% do stop_on_var('datasets', names_in_var('datasets'), 'a list of names') %}
#}
{% macro stop_on_var(name, value, expected) %}
    {% do exceptions.raise_compiler_error(
        "The var " ~ name ~ " is " ~ ("empty" if value is none or value ~ '' == '' else "'" ~ value ~ "'")
        ~ ". Expected " ~ expected
        ~ ". Correct it in dbt_project.yml or where you pass it with --vars."
    ) %}
{% endmacro %}
