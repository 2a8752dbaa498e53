{#
    The model <dataset>_purchases: one row per customer with transactions up to the as-of date, with recency, frequency
    and monetary value, net of returns and excluding cancelled orders. A customer with returns only counts as having
    bought nothing.
    Example, a whole model: {{ purchases('shop') }}
#}
{% macro purchases(dataset) %}
with

as_of as (

    select as_of_date from {{ ref('as_of_dates') }}
    where dataset = '{{ dataset }}'

),

totals as (

    select
        transactions.customer_id,
        {{ customer_segmentation.purchase_totals('transactions') | indent(8) }}
    from {{ ref('stg_' ~ dataset ~ '__transactions') }} as transactions
    inner join as_of
        on transactions.transaction_date <= as_of.as_of_date
    where transactions.status = 'completed'
    group by transactions.customer_id

),

final as (

    select
        totals.customer_id,
        totals.first_purchase_date,
        totals.last_purchase_date,
        cast({{ dbt.datediff('totals.last_purchase_date', 'as_of.as_of_date', 'day') }} as double) as recency_days,
        cast(totals.orders as double) as frequency,
        cast(totals.net_amount as double) as monetary_value,
        cast(totals.net_amount as double) / nullif(totals.orders, 0) as average_order_value,
        {{ dbt.datediff('totals.first_purchase_date', 'totals.last_purchase_date', 'day') }}
        / cast(nullif(totals.orders - 1, 0) as double) as days_between_purchases,
        cast(coalesce(totals.purchased_amount, 0) - totals.net_amount as double)
        / cast(totals.purchased_amount as double) as return_rate
    from totals
    cross join as_of

)

select * from final
{% endmacro %}
