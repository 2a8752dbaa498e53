{# The columns of an input itself, without those that the reader adds. `relation` is the model that reads the input. #}
{% macro columns_of_input(relation) %}
    {% set columns = [] %}
    {% for column in adapter.get_columns_in_relation(relation) %}
        {% if column.name not in ['input_row_number', 'input_problem', 'input_line'] %}
            {% do columns.append(column) %}
        {% endif %}
    {% endfor %}
    {{ return(columns) }}
{% endmacro %}
