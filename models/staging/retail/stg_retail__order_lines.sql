-- One row per usable row of an order with several rows: its place in the order, and whether the order came before.
-- Most inputs have few such orders: only their rows need to be compared and put in order.
with

-- Counted by a number made from the id, which is quicker than the text. Should two orders of one row
-- share a number, or a row be counted that cannot be used, that does no harm.
orders_with_lines as (

    select {{ hash_number(['transaction_id']) }} as order_number
    from {{ ref('stg_retail__parsed_transactions') }}
    group by 1
    having count(*) > 1

),

transactions as (

    select
        row_number,
        customer_id,
        transaction_id,
        transaction_date,
        amount,
        status
    from {{ ref('stg_retail__parsed_transactions') }}
    where
        value_problem is null
        and {{ hash_number(['transaction_id']) }} in (
            select orders_with_lines.order_number from orders_with_lines
        )

),

raw_rows as (

    select
        input_row_number,
        {{ raw_row(ref('input_retail_transactions')) }} as raw_row
    from {{ ref('input_retail_transactions') }}
    where input_row_number in (select transactions.row_number from transactions)

),

lines as (

    select
        transactions.row_number,
        transactions.customer_id,
        transactions.transaction_id,
        row_number() over (
            partition by transactions.customer_id, transactions.transaction_id, raw_rows.raw_row
            order by transactions.row_number
        ) as occurrence,
        count(*) over (
            partition by transactions.customer_id, transactions.transaction_id, raw_rows.raw_row
        ) as occurrences,
        row_number() over (
            partition by transactions.customer_id, transactions.transaction_id
            order by
                case when transactions.status = 'completed' and transactions.amount > 0 then 0 else 1 end,
                transactions.transaction_date,
                transactions.row_number
        ) as place_in_order
    from transactions
    inner join raw_rows
        on transactions.row_number = raw_rows.input_row_number

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
