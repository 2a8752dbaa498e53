{#
    All columns of a relation or a sub-query, and the number of each row. A relation that numbers its rows itself, in a
    column `input_row_number`, is used as it is: numbering it again would limit a large table to one thread.
#}
{% macro numbered_rows(rows) %}
    {% set columns = [] if rows is string else adapter.get_columns_in_relation(rows) | map(attribute='name') | list %}
    {# files and tables of the warehouse are not refs, whose rows an empty build leaves out #}
    {% set only_columns = ' where false' if flags.EMPTY else '' %}
    {% if 'input_row_number' in columns %}{{ return('select * from ' ~ rows ~ only_columns) }}{% endif %}
    {{ return(
        'select ' ~ customer_segmentation.input_row_number() ~ ' as input_row_number, input_rows.* from ' ~ rows
        ~ ' as input_rows' ~ only_columns
    ) }}
{% endmacro %}
