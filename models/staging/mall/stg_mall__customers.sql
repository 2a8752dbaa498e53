-- One row per usable Mall Customers row, names, types and units conformed.
{{ stop_without_usable_rows('mall_customers') }}
select
    customer_id,
    gender,
    age,
    annual_income_k,
    spending_score
from {{ ref('stg_mall__customer_rows') }}
where reason is null
