-- Fails for buyers without a figure that the fitted models of their dataset should give: a formula that overflows would
-- leave it empty without a word.
with

fitted as (

    select
        dataset,
        count(case when model = 'purchases' and parameter = 'r' then value end) > 0 as expects_purchases,
        count(case when model = 'amounts' and parameter = 'p' then value end) > 0 as expects_amounts
    from {{ ref('lifetime_value_models') }}
    group by dataset

)

select
    buyers.dataset,
    buyers.customer_id
from {{ ref('customer_lifetime_value') }} as buyers
inner join fitted on buyers.dataset = fitted.dataset
where
    (
        fitted.expects_purchases
        and buyers.purchases_90_days_low + buyers.purchases_90_days_high
        + buyers.purchases_365_days_low + buyers.purchases_365_days_high is null
    )
    or (
        fitted.expects_purchases
        and fitted.expects_amounts
        and buyers.money_90_days_low + buyers.money_90_days_high
        + buyers.money_365_days_low + buyers.money_365_days_high is null
    )
