-- One row per usable retail customer, names, types and units conformed. Age, income and sign-up date may be unknown.
{{ stop_without_usable_rows('retail_customers') }}
select
    customer_id,
    gender,
    age,
    annual_income_k,
    signed_up_on
from {{ ref('stg_retail__customer_rows') }}
where reason is null
