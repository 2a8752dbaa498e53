{#
    What the vars smallest_cell and exact_points say, for SQL: a number and a truth value. Stops the build if one of them makes no
    sense, because a limit that was not understood would protect no one.
    Example: {% set smallest_cell, exact_points = disclosure_limits() %}
#}
{% macro disclosure_limits() %}
    {% set smallest, exact = var('smallest_cell'), var('exact_points') %}
    {% if execute and not modules.re.fullmatch('[1-9][0-9]{0,5}', smallest ~ '') %}
        {% do exceptions.raise_compiler_error(
            "The var smallest_cell is '" ~ smallest ~ "'. Expected a whole number from 1 to 999999: the fewest customers of whom a "
            ~ "page may show a count or a mean; 1 shows everything."
        ) %}
    {% endif %}
    {% if execute and exact is not sameas true and exact is not sameas false %}
        {% do exceptions.raise_compiler_error("The var exact_points is '" ~ exact ~ "'. Expected true or false.") %}
    {% endif %}
    {{ return([smallest, 'true' if exact else 'false']) }}
{% endmacro %}
