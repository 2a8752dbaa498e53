{#
    What the vars smallest_cell and exact_points say, for SQL: a number and a truth value.
    Example: {% set smallest_cell, exact_points = disclosure_limits() %}
#}
{% macro disclosure_limits() %}
    {{ return([var('smallest_cell'), 'true' if var('exact_points') else 'false']) }}
{% endmacro %}
