{#
    Where the as-of date of each dataset comes from: [{dataset, model, column}, ...]. The days of the purchases, or else
    the column `last_purchase_date` of the customers; a dataset with neither has no dates.
#}
{% macro dated_columns() %}
    {% set definitions, dated, with_purchases = ref('input_definitions'), [],
        customer_segmentation.datasets_with_purchases() %}
    {% for dataset in customer_segmentation.names_in_var('datasets') if dataset not in with_purchases %}
        {% do ref('stg_' ~ dataset ~ '__customers') %}
    {% endfor %}
    {% set inputs = run_query(
        "select input from " ~ definitions.render() ~ " where column_name = 'last_purchase_date'"
    ).columns[0].values() if customer_segmentation.is_built(definitions) else [] %}
    {% for dataset in customer_segmentation.names_in_var('datasets') | sort %}
        {% if dataset in with_purchases %}
            {% do dated.append({
                'dataset': dataset, 'model': 'stg_' ~ dataset ~ '__transactions', 'column': 'transaction_date'
            }) %}
        {% elif dataset ~ '_customers' in inputs %}
            {% do dated.append({
                'dataset': dataset, 'model': 'stg_' ~ dataset ~ '__customers', 'column': 'last_purchase_date'
            }) %}
        {% endif %}
    {% endfor %}
    {{ return(dated) }}
{% endmacro %}
