{#
    The inputs of one dataset, or of all enabled datasets: [{dataset, input, rows, has_purchases, has_amounts}, ...].
    Each dataset has an input `<dataset>_customers`, each dataset of the var `datasets_with_purchases` also has an input
    `<dataset>_transactions`, and each of `datasets_with_outcomes` an input `<dataset>_campaign_outcomes`; `rows` is the
    staging model that judges the rows of the input.
    Example: {% for input in dataset_inputs() %}
#}
{% macro dataset_inputs(dataset=none) %}
    {% set inputs, with_purchases = [], customer_segmentation.datasets_with_purchases() %}
    {% set with_outcomes = customer_segmentation.datasets_with_outcomes() %}
    {% for name in ([dataset] if dataset else customer_segmentation.names_in_var('datasets')) %}
        {% do inputs.append({
            'dataset': name, 'input': name ~ '_customers', 'rows': 'stg_' ~ name ~ '__customer_rows',
            'has_purchases': false, 'has_amounts': false
        }) %}
        {% if name in with_purchases %}
            {% do inputs.append({
                'dataset': name, 'input': name ~ '_transactions', 'rows': 'stg_' ~ name ~ '__transaction_rows',
                'has_purchases': true, 'has_amounts': true
            }) %}
        {% endif %}
        {% if name in with_outcomes %}
            {% do inputs.append({
                'dataset': name, 'input': name ~ '_campaign_outcomes',
                'rows': 'stg_' ~ name ~ '__campaign_outcome_rows', 'has_purchases': false, 'has_amounts': true
            }) %}
        {% endif %}
    {% endfor %}
    {{ return(inputs) }}
{% endmacro %}
