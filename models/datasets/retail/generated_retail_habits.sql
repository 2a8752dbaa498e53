-- One row per customer of the SYNTHETIC retailer: how the customer buys. Purchases and what comes of campaigns are
-- drawn from the same habits, so that what was bought before predicts what is bought later.
{{ config(materialized='view', schema='inputs') }}

-- Customers who earn more than this buy more often and more expensively than their group; those who earn less, the
-- opposite.
{% set reference_income_k = 50 %}
{% set income_effect_on_purchases = 0.4 %}
{% set income_effect_on_basket = 0.6 %}
{% set reference_age = 45 %}
with

-- How the planted groups buy. `purchases` is how often a typical customer buys who stays for the whole period;
-- individuals differ by `purchase_spread` (log-normal). Lapsed customers left on a random day; some customers signed up
-- and never bought.
planted_groups as (

    select
        'high_income' as planted_group,
        0 as group_number,
        11.0 as purchases,
        0.40 as purchase_spread,
        54.0 as basket,
        0.02 as never_bought_share,
        0.25 as lapsed_share,
        0.40 as store_share,
        0.45 as app_share_of_the_rest
    union all
    select
        'frequent',
        1,
        41.0,
        0.40,
        25.0,
        0.01,
        0.20,
        0.45,
        0.60
    union all
    select
        'occasional',
        2,
        4.2,
        0.70,
        27.0,
        0.16,
        0.50,
        0.65,
        0.40

),

-- What is known about a customer before the first purchase. Unknown and impossible ages and incomes count as average.
customers as (

    select
        customers.input_row_number as customer_number,
        customers.customer_id,
        customers.signed_up_on,
        planted_groups.*,
        planted_groups.store_share
        + case when customers.age between 18 and 100 then customers.age - {{ reference_age }} else 0 end * 0.006
            as own_store_share,
        case when customers.annual_income_k > 0 then customers.annual_income_k / {{ reference_income_k }} else 1 end
            as relative_income
    from {{ ref('generated_retail_customers') }} as customers
    inner join planted_groups
        on customers.planted_group = planted_groups.planted_group

),

final as (

    select
        customer_number,
        customer_id,
        planted_group,
        group_number,
        signed_up_on,
        own_store_share as store_share,
        app_share_of_the_rest,
        basket
        * power(relative_income, {{ income_effect_on_basket }})
        * exp(0.25 * {{ normal(['customer_number'], 'basket') | indent(8) }}) as basket,
        purchases
        * power(relative_income, {{ income_effect_on_purchases }})
        * exp(purchase_spread * {{ normal(['customer_number'], 'purchases') | indent(8) }}) as purchases,
        {{ uniform(['customer_number'], 'never bought') }} >= never_bought_share as has_bought,
        case
            when {{ uniform(['customer_number'], 'lapsed') }} < lapsed_share
                then {{ uniform(['customer_number'], 'lapsed when') }}
            else 1
        end as active_share
    from customers

)

select * from final
