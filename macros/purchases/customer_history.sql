{#
    The model <dataset>_customer_history: one row per customer and completed month, with recency, frequency and monetary
    value as of the end of that month. Each month is summed up once and added to the earlier months, so no row can use
    later data. Customers have rows from their sign-up date on, if it is known.
    Example, a whole model: {{ customer_history('shop') }}
#}
{% macro customer_history(dataset) %}
with

as_of as (

    select as_of_date from {{ ref('as_of_dates') }}
    where dataset = '{{ dataset }}'

),

monthly as (

    select
        transactions.customer_id,
        {{ dbt.last_day('transactions.transaction_date', 'month') }} as month_end,
        {{ customer_segmentation.purchase_totals('transactions') | indent(8) }}
    from {{ ref('stg_' ~ dataset ~ '__transactions') }} as transactions
    inner join as_of
        on transactions.transaction_date <= as_of.as_of_date
    where transactions.status = 'completed'
    group by transactions.customer_id, {{ dbt.last_day('transactions.transaction_date', 'month') }}

),

span as (

    select
        min(monthly.month_end) as first_month_end,
        max(as_of.as_of_date) as as_of_date
    from monthly
    cross join as_of

),

-- The events that make a month differ from the previous one: a sign-up, or transactions.
changes as (

    select
        customer_id,
        month_end,
        1 as place_in_month,
        orders,
        net_amount,
        purchased_amount,
        first_purchase_date,
        last_purchase_date
    from monthly
    union all
    select
        customers.customer_id,
        greatest({{ dbt.last_day('customers.signed_up_on', 'month') }}, span.first_month_end) as month_end,
        0 as place_in_month,
        null as orders,
        null as net_amount,
        null as purchased_amount,
        null as first_purchase_date,
        null as last_purchase_date
    from {{ ref('stg_' ~ dataset ~ '__customers') }} as customers
    cross join span
    where customers.signed_up_on is not null and span.first_month_end is not null

),

accumulated as (

    select
        changes.customer_id,
        changes.month_end,
        sum(changes.orders) over customer_so_far as orders,
        sum(changes.net_amount) over customer_so_far as net_amount,
        sum(changes.purchased_amount) over customer_so_far as purchased_amount,
        min(changes.first_purchase_date) over customer_so_far as first_purchase_date,
        max(changes.last_purchase_date) over customer_so_far as last_purchase_date,
        lead(changes.month_end) over (
            partition by changes.customer_id order by changes.month_end, changes.place_in_month
        ) as next_month_end,
        span.as_of_date
    from changes
    cross join span
    -- only completed months: the row of the current month would change with the next purchase
    where changes.month_end <= span.as_of_date
    window customer_so_far as (
        partition by changes.customer_id order by changes.month_end, changes.place_in_month
        rows between unbounded preceding and current row
    )

),

described as (

    select
        accumulated.customer_id,
        accumulated.month_end as changed_month_end,
        coalesce(
            accumulated.next_month_end,
            cast({{ dbt.dateadd('day', 1, 'accumulated.as_of_date') }} as date)
        ) as next_month_end,
        accumulated.last_purchase_date,
        least(
            coalesce(customers.signed_up_on, accumulated.first_purchase_date),
            coalesce(accumulated.first_purchase_date, customers.signed_up_on)
        ) as customer_since,
        cast(coalesce(accumulated.orders, 0) as double) as frequency,
        cast(coalesce(accumulated.net_amount, 0) as double) as monetary_value,
        cast(accumulated.net_amount as double) / nullif(cast(accumulated.orders as double), 0) as average_order_value,
        cast(coalesce(accumulated.purchased_amount, 0) - accumulated.net_amount as double)
        / cast(accumulated.purchased_amount as double) as return_rate
    from accumulated
    inner join {{ ref('stg_' ~ dataset ~ '__customers') }} as customers
        on accumulated.customer_id = customers.customer_id

),

-- A month without a change has the same figures as the previous one.
numbered as (

    select
        described.*,
        {{ customer_segmentation.number_series(
            dbt.datediff('changed_month_end', 'next_month_end', 'month')
        ) }} as month_number
    from described

),

dated as (

    select
        numbered.*,
        {{ dbt.last_day(dbt.dateadd('month', 'cast(month_number - 1 as int)', 'changed_month_end'), 'month') }}
            as month_end
    from numbered

),

final as (

    select
        customer_id,
        month_end,
        cast({{ dbt.datediff('last_purchase_date', 'month_end', 'day') }} as double) as recency_days,
        frequency,
        monetary_value,
        average_order_value,
        cast({{ dbt.datediff('customer_since', 'month_end', 'day') }} as double) as tenure_days,
        return_rate
    from dated

)

select
    final.*,
    cast('{{ customer_segmentation.dataset_is_synthetic(dataset) }}' as boolean) as is_synthetic
from final
{% endmacro %}
