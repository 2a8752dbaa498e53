-- One row per usable row of the spreadsheet, names, types and units conformed.
{{ stop_without_usable_rows('sales_customers') }}
select
    customer_id,
    gender,
    age,
    annual_income_k,
    spending_score,
    product_category,
    purchase_frequency,
    last_purchase_date
from {{ ref('stg_sales__customer_rows') }}
where reason is null
