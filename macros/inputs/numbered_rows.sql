{#
    All columns of a relation or a sub-query, and the number of each row. A relation that numbers its rows itself, in a column
    `input_row_number`, is taken as it is: numbering again would force a large table through one thread.
#}
{% macro numbered_rows(rows) %}
    {% set columns = [] if rows is string else adapter.get_columns_in_relation(rows) | map(attribute='name') | list %}
    {# a file and a table of the warehouse are no refs, whose rows an empty build leaves out #}
    {% set only_columns = ' where false' if flags.EMPTY else '' %}
    {% if 'input_row_number' in columns %}{{ return('select * from ' ~ rows ~ only_columns) }}{% endif %}
    {{ return('select ' ~ customer_segmentation.input_row_number() ~ ' as input_row_number, input_rows.* from ' ~ rows ~ ' as input_rows' ~ only_columns) }}
{% endmacro %}
