-- One row per row of an order with several rows: its place in the order, and whether the order came before.
-- Most inputs have few such orders: only their rows need to be compared and put in order.
with

orders_with_lines as (

    select transaction_id
    from {{ ref('stg_retail__parsed_transactions') }}
    where value_problem is null
    group by transaction_id
    having count(*) > 1

),

lines as (

    select
        transactions.row_number,
        transactions.customer_id,
        transactions.transaction_id,
        row_number() over (
            partition by transactions.customer_id, transactions.transaction_id, transactions.raw_row
            order by transactions.row_number
        ) as occurrence,
        count(*) over (
            partition by transactions.customer_id, transactions.transaction_id, transactions.raw_row
        ) as occurrences,
        row_number() over (
            partition by transactions.customer_id, transactions.transaction_id
            order by
                case when transactions.status = 'completed' and transactions.amount > 0 then 0 else 1 end,
                transactions.transaction_date,
                transactions.row_number
        ) as place_in_order
    from {{ ref('stg_retail__parsed_transactions') }} as transactions
    inner join orders_with_lines
        on transactions.transaction_id = orders_with_lines.transaction_id
    where transactions.value_problem is null

),

-- Two equal lines may be two pieces of the same thing. An order whose every line comes at least twice came twice.
deliveries as (

    select
        lines.*,
        min(occurrences) over (partition by customer_id, transaction_id) as deliveries
    from lines

),

final as (

    select
        row_number,
        place_in_order,
        occurrence > floor(occurrences / deliveries) as is_repeated
    from deliveries

)

select * from final
