{#
    Whether customers of a dataset are made up by this project: one of its inputs is. For SQL that names the dataset of a row in a
    column there is is_synthetic_dataset, for one that names the segmentation is_synthetic_segmentation.
    Example: select cast('{{ dataset_is_synthetic('shop') }}' as boolean) as is_synthetic
#}
{% macro dataset_is_synthetic(dataset) %}
    {% set made_up = [] %}
    {% for input in customer_segmentation.dataset_inputs(dataset) if customer_segmentation.is_synthetic(input.input) %}{% do made_up.append(input.input) %}{% endfor %}
    {{ return(made_up | length > 0) }}
{% endmacro %}
