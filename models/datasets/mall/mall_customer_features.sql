-- One row per mall customer: everything a segmentation of this dataset can use, in its own units.
select
    customer_id,
    gender,
    age,
    annual_income_k,
    spending_score
from {{ ref('stg_mall__customers') }}
