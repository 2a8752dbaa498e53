-- One row per dataset and customer with a purchase, for datasets with purchases: what the models of lifetime value know
-- of a customer. An order is a purchase, and money is net of returns, as in the RFM scores.
{% set datasets = datasets_with_purchases() %}
{% for dataset in datasets %}
select
    '{{ dataset }}' as dataset,
    customer_id,
    cast(frequency - 1 as int) as frequency,
    {{ whole_weeks(dbt.datediff('first_purchase_date', 'last_purchase_date', 'day')) }} as recency_weeks,
    {{ whole_weeks(dbt.datediff('first_purchase_date', 'as_of_date', 'day')) }} as age_weeks,
    monetary_value / frequency as amount
from {{ ref(dataset ~ '_customer_features') }}
where frequency >= 1
{{ 'union all' if not loop.last }}
{% endfor %}
{{ no_rows(
    ['dataset', 'customer_id'], int=['frequency', 'recency_weeks', 'age_weeks'], double=['amount']
) if not datasets }}
