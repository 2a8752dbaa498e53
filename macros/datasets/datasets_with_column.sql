{# The datasets whose feature mart has a column of this name. #}
{% macro datasets_with_column(column) %}
    {% set found = [] %}
    {% for dataset in customer_segmentation.names_in_var('datasets')
        if column in customer_segmentation.columns_of_features(dataset) %}
        {% do found.append(dataset) %}
    {% endfor %}
    {{ return(found) }}
{% endmacro %}
