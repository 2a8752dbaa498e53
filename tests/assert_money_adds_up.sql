-- Fails if the money of the transactions is not exactly the money used plus the money of rejected rows, or if what
-- counts of it is not what the features are made of.
with

sums as (

    select
        (select cast(coalesce(sum(amount), 0) as double) from {{ ref('stg_retail__transaction_rows') }}) as money_in,
        (select cast(coalesce(sum(amount), 0) as double) from {{ ref('stg_retail__transactions') }}) as money_used,
        (
            select coalesce(sum(amount), 0) from {{ ref('rejected_rows') }}
            where input = 'retail_transactions'
        ) as money_rejected,
        (select sum(amount) from {{ ref('money_account') }}) as money_accounted,
        (select sum(counted_amount) from {{ ref('money_account') }}) as money_counted,
        (
            select cast(coalesce(sum(amount), 0) - coalesce(sum(refunded_amount), 0) as double)
            from {{ ref('stg_retail__transactions') }}
            where status = 'completed'
        ) as revenue

)

select * from sums
where
    abs(money_in - money_used - money_rejected) > 0.005
    or abs(money_in - money_accounted) > 0.005
    or abs(money_counted - revenue) > 0.005
