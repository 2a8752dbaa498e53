{#
    Whether a query of a relation returns more values than the var `values_in_memory`, so that sorting should use the
    disk.
    Example: {% if are_many_values(customers, 'select count(*) * 3 from ' ~ customers) %}
#}
{% macro are_many_values(relation, query) %}
    {# few before it is built #}
    {% if not customer_segmentation.is_built(relation) %}{{ return(false) }}{% endif %}
    {{ return(run_query(query).columns[0].values()[0] > var('values_in_memory')) }}
{% endmacro %}
