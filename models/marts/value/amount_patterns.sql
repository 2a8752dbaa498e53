-- One row per dataset, frequency and mean amount of customers, as the model of amounts reads them.
with

-- Amounts that differ by less than half a percent are alike. Customers who returned all they bought have paid nothing.
rounded as (

    select
        dataset,
        frequency,
        case when amount > 0 then exp(round(200 * ln(amount)) / 200) else 0 end as amount
    from {{ ref('purchase_states') }}

),

final as (

    select
        dataset,
        frequency,
        amount,
        count(*) as customers
    from rounded
    group by dataset, frequency, amount

)

select * from final
