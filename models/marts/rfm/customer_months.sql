-- One row per dataset, customer and completed month, for datasets with purchases: the figures of the month end
-- beside the day of the first purchase.
{% set datasets = datasets_with_purchases() %}
{% for dataset in datasets %}
select
    '{{ dataset }}' as dataset,
    history.customer_id,
    history.month_end,
    history.recency_days,
    history.monetary_value,
    customers.first_purchase_date
from {{ ref(dataset ~ '_customer_history') }} as history
inner join {{ ref(dataset ~ '_customer_features') }} as customers
    on history.customer_id = customers.customer_id
{{ 'union all' if not loop.last }}
{% endfor %}
{{ no_rows(
    ['dataset', 'customer_id'], date=['month_end', 'first_purchase_date'], double=['recency_days', 'monetary_value']
) if not datasets }}
