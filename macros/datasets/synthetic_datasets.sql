{# The enabled datasets whose customers are synthetic. #}
{% macro synthetic_datasets() %}
    {% set found = [] %}
    {% for dataset in customer_segmentation.names_in_var('datasets')
        if customer_segmentation.dataset_is_synthetic(dataset) %}
        {% do found.append(dataset) %}
    {% endfor %}
    {{ return(found) }}
{% endmacro %}
