-- One row per customer of the Mall Customers data as published, whatever data the project is built on; none if the seed
-- is no longer that data. Published figures are checked on them.
select
    cast({{ adapter.quote('CustomerID') }} as int) as customer_number,
    case when {{ adapter.quote('Gender') }} = 'Female' then 1 else 0 end as is_woman,
    cast({{ adapter.quote('Age') }} as double) as age,
    cast({{ adapter.quote('Annual Income (k$)') }} as double) as annual_income_k,
    cast({{ adapter.quote('Spending Score (1-100)') }} as double) as spending_score
from {{ ref('mall_customers') }}
where
    {{ evidence_wanted() }}
    and not exists (select 1 from ({{ mall_data_differences(ref('mall_customers')) }}) as differences)
