-- One row per dataset with dates: the day as of which its recency is counted.
-- A table, so that every figure that depends on the day can be traced to it.
select
    'retail' as dataset,
    {{ as_of_date(ref('stg_retail__transactions'), 'transaction_date') }} as as_of_date
union all
select
    'sales' as dataset,
    {{ as_of_date(ref('stg_sales__customers'), 'last_purchase_date') }} as as_of_date
