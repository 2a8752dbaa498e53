{# The dataset that an input belongs to: the first word of its name. #}
{% macro dataset_of_input(input) %}
    {{ return(input.split('_')[0]) }}
{% endmacro %}
