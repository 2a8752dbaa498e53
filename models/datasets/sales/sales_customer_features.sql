-- One row per sales customer: everything a segmentation of this dataset can use, in original units.
select
    customers.customer_id,
    customers.gender,
    customers.product_category,
    customers.age,
    customers.annual_income_k,
    customers.spending_score,
    customers.purchase_frequency,
    cast({{ dbt.datediff('customers.last_purchase_date', 'as_of_dates.as_of_date', 'day') }} as double) as recency_days,
    as_of_dates.as_of_date,
    {{ customer_key("'sales'", 'customers.customer_id') }} as customer_key,
    cast('{{ dataset_is_synthetic('sales') }}' as boolean) as is_synthetic
from {{ ref('stg_sales__customers') }} as customers
inner join {{ ref('as_of_dates') }} as as_of_dates
    on as_of_dates.dataset = 'sales' and customers.last_purchase_date <= as_of_dates.as_of_date
