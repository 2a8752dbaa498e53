-- One row per retail customer and completed month: recency, frequency and monetary value as of the end of that month.
-- Each month is summed up once and added to the months before it, so no row can know anything that came later.
with

as_of as (

    select as_of_date from {{ ref('as_of_dates') }}
    where dataset = 'retail'

),

monthly as (

    select
        transactions.customer_id,
        {{ dbt.last_day('transactions.transaction_date', 'month') }} as month_end,
        {{ purchase_totals('transactions') | indent(8) }}
    from {{ ref('stg_retail__transactions') }} as transactions
    inner join as_of
        on transactions.transaction_date <= as_of.as_of_date
    where transactions.status = 'completed'
    group by transactions.customer_id, {{ dbt.last_day('transactions.transaction_date', 'month') }}

),

month_numbers as (

    select
        first_month_end,
        {{ number_series(dbt.datediff('first_month_end', 'as_of_date', 'month') ~ ' + 1') }} as month_number
    from (
        select
            min(monthly.month_end) as first_month_end,
            max(as_of.as_of_date) as as_of_date
        from monthly
        cross join as_of
    ) as spans

),

month_ends as (

    select
        {{ dbt.last_day(dbt.dateadd('month', 'cast(month_number - 1 as int)', 'first_month_end'), 'month') }}
            as month_end
    from month_numbers

),

-- Only months that are over: the row of a month that goes on would change with the next purchase.
months as (

    select month_ends.month_end
    from month_ends
    inner join as_of
        on month_ends.month_end <= as_of.as_of_date

),

first_months as (

    select
        customers.customer_id,
        customers.signed_up_on,
        least(
            coalesce({{ dbt.last_day('customers.signed_up_on', 'month') }}, min(monthly.month_end)),
            coalesce(min(monthly.month_end), {{ dbt.last_day('customers.signed_up_on', 'month') }})
        ) as first_month_end
    from {{ ref('stg_retail__customers') }} as customers
    left join monthly
        on customers.customer_id = monthly.customer_id
    group by customers.customer_id, customers.signed_up_on

),

accumulated as (

    select
        first_months.customer_id,
        first_months.signed_up_on,
        months.month_end,
        sum(monthly.orders) over customer_so_far as orders,
        sum(monthly.net_amount) over customer_so_far as net_amount,
        sum(monthly.purchased_amount) over customer_so_far as purchased_amount,
        min(monthly.first_purchase_date) over customer_so_far as first_purchase_date,
        max(monthly.last_purchase_date) over customer_so_far as last_purchase_date
    from first_months
    inner join months
        on first_months.first_month_end <= months.month_end
    left join monthly
        on first_months.customer_id = monthly.customer_id and months.month_end = monthly.month_end
    window customer_so_far as (
        partition by first_months.customer_id order by months.month_end
        rows between unbounded preceding and current row
    )

),

final as (

    select
        customer_id,
        month_end,
        cast({{ dbt.datediff('last_purchase_date', 'month_end', 'day') }} as double) as recency_days,
        cast(coalesce(orders, 0) as double) as frequency,
        cast(coalesce(net_amount, 0) as double) as monetary_value,
        cast(net_amount as double) / nullif(cast(orders as double), 0) as average_order_value,
        cast(
            {{ dbt.datediff(
                'least(coalesce(signed_up_on, first_purchase_date), coalesce(first_purchase_date, signed_up_on))',
                'month_end', 'day'
            ) }} as double
        ) as tenure_days,
        cast(coalesce(purchased_amount, 0) - net_amount as double) / cast(purchased_amount as double) as return_rate
    from accumulated

)

select * from final
