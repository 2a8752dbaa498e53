{#
    Whether a query of a relation returns more values than the var `values_in_memory`, and how to order them should be left to the disk.
    Example: {% if are_many_values(customers, 'select count(*) * 3 from ' ~ customers) %}
#}
{% macro are_many_values(relation, query) %}
    {# before it is built, few #}
    {% if not customer_segmentation.is_built(relation) %}{{ return(false) }}{% endif %}
    {{ return(run_query(query).columns[0].values()[0] > var('values_in_memory')) }}
{% endmacro %}
