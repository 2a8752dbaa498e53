{#
    The inputs of one dataset, or of all enabled datasets: [{dataset, input, rows, has_purchases}, ...]. Each dataset
    has an input `<dataset>_customers`, and each dataset of the var `datasets_with_purchases` also has an input
    `<dataset>_transactions`; `rows` is the staging model that judges the rows of the input.
    Example: {% for input in dataset_inputs() %}
#}
{% macro dataset_inputs(dataset=none) %}
    {% set inputs, with_purchases = [], customer_segmentation.datasets_with_purchases() %}
    {% for name in ([dataset] if dataset else customer_segmentation.names_in_var('datasets')) %}
        {% do inputs.append({
            'dataset': name, 'input': name ~ '_customers', 'rows': 'stg_' ~ name ~ '__customer_rows',
            'has_purchases': false
        }) %}
        {% if name in with_purchases %}
            {% do inputs.append({
                'dataset': name, 'input': name ~ '_transactions', 'rows': 'stg_' ~ name ~ '__transaction_rows',
                'has_purchases': true
            }) %}
        {% endif %}
    {% endfor %}
    {{ return(inputs) }}
{% endmacro %}
