-- One row per dataset, frequency, recency and age of customers: customers who share them are alike to the model of
-- purchases.
select
    dataset,
    frequency,
    recency_weeks,
    age_weeks,
    count(*) as customers
from {{ ref('purchase_states') }}
group by dataset, frequency, recency_weeks, age_weeks
