{#
    All columns of a relation or a sub-query, and the number of each row. A relation that numbers its rows itself, in a column
    `input_row_number`, is taken as it is: numbering again would force a large table through one thread.
#}
{% macro numbered_rows(rows) %}
    {% set columns = [] if rows is string else adapter.get_columns_in_relation(rows) | map(attribute='name') | list %}
    {% if 'input_row_number' in columns %}{{ return('select * from ' ~ rows) }}{% endif %}
    {{ return('select ' ~ customer_segmentation.input_row_number() ~ ' as input_row_number, input_rows.* from ' ~ rows ~ ' as input_rows') }}
{% endmacro %}
