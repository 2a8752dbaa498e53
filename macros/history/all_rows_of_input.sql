{# The temporary relation of all rows of an input, also of those that are left out; it ends with the model. #}
{% macro all_rows_of_input(input) %}
    {{ return(api.Relation.create(database='temp', schema='main', identifier='all_rows_of_' ~ input)) }}
{% endmacro %}
