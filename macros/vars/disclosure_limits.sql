{#
    The vars smallest_cell and exact_points for SQL: a number and a boolean.
    Example: {% set smallest_cell, exact_points = disclosure_limits() %}
#}
{% macro disclosure_limits() %}
    {{ return([var('smallest_cell'), 'true' if var('exact_points') else 'false']) }}
{% endmacro %}
