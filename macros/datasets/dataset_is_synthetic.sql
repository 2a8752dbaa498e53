{#
    Whether this project generated customers of a dataset, that is, at least one of its inputs. If a column names the
    dataset of a row, use is_synthetic_dataset; if a column names the segmentation, use is_synthetic_segmentation.
    Example: select cast('{{ dataset_is_synthetic('shop') }}' as boolean) as is_synthetic
#}
{% macro dataset_is_synthetic(dataset) %}
    {% set made_up = [] %}
    {% for input in customer_segmentation.dataset_inputs(dataset) if customer_segmentation.is_synthetic(input.input) %}
        {% do made_up.append(input.input) %}
    {% endfor %}
    {{ return(made_up | length > 0) }}
{% endmacro %}
