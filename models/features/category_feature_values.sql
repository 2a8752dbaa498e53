-- One row per dataset, category column, customer and feature: each feature's value beside the group the customer is in.
{% for dataset in var('datasets') %}{% do ref(dataset ~ '_customer_features') %}{% endfor %}
{% set features, selects = dataset_features(), [] %}
{% for column in category_columns() %}
{% for row in features if row.dataset == column.dataset %}
{% set one %}
select
    '{{ column.dataset }}' as dataset,
    '{{ column.category }}' as category,
    {{ column.category }} as category_value,
    '{{ row.feature }}' as feature,
    cast({{ row.feature }} as double) as value
from {{ ref(column.dataset ~ '_customer_features') }}
{% endset %}
{% do selects.append(one) %}
{% endfor %}
{% endfor %}
{{ selects | join('union all') }}
