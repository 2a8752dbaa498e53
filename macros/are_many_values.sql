{#
    Whether a query returns more values than the var `values_in_memory`, and how to order them should be left to the disk.
    Example: {% if are_many_values('select count(*) * 3 from ' ~ customers) %}
#}
{% macro are_many_values(query) %}
    {# while parsing, few #}
    {% if not execute %}{{ return(false) }}{% endif %}
    {{ return(run_query(query).columns[0].values()[0] > var('values_in_memory')) }}
{% endmacro %}
