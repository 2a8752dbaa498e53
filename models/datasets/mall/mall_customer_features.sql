-- One row per mall customer: everything a segmentation of this dataset can use, in original units.
select
    customer_id,
    gender,
    age,
    annual_income_k,
    spending_score,
    {{ customer_key("'mall'", 'customer_id') }} as customer_key,
    cast('{{ dataset_is_synthetic('mall') }}' as boolean) as is_synthetic
from {{ ref('stg_mall__customers') }}
