-- One row per dataset, customer and feature: the feature marts in long form, so that statistics need no column names.
{% for dataset in names_in_var('datasets') %}{% do ref(dataset ~ '_customer_features') %}{% endfor %}
{% for row in dataset_features() %}
select
    '{{ row.dataset }}' as dataset,
    customer_id,
    '{{ row.feature }}' as feature,
    cast({{ row.feature }} as double) as value
from {{ ref(row.dataset ~ '_customer_features') }}
{{ 'union all' if not loop.last }}
{% endfor %}
