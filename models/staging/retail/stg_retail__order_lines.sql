-- One row per row of an order with several rows: its place in the order, and how often it came before in every column.
-- Most inputs have few such orders: only their rows need to be compared and put in order.
with

orders_with_lines as (

    select transaction_id
    from {{ ref('stg_retail__parsed_transactions') }}
    where value_problem is null
    group by transaction_id
    having count(*) > 1

),

final as (

    select
        transactions.row_number,
        row_number() over (
            partition by transactions.customer_id, transactions.transaction_id, transactions.raw_row
            order by transactions.row_number
        ) as occurrence,
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

)

select * from final
