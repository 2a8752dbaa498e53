{#
    The model stg_<dataset>__order_lines: one row per usable row of an order with several rows, its position in the
    order, and whether the row repeats an order that the input already contains. Most inputs have few such orders, and
    only their rows need to be compared and sorted.
    Example, a whole model: {{ order_lines('shop') }}
#}
{% macro order_lines(dataset) %}
with

-- Counted by a hash of the id, which is faster than the text. Hash collisions between orders of one row and unusable
-- rows do no harm here.
orders_with_lines as (

    select {{ customer_segmentation.hash_number(['transaction_id']) }} as order_number
    from {{ ref('stg_' ~ dataset ~ '__parsed_transactions') }}
    group by {{ customer_segmentation.hash_number(['transaction_id']) }}
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
    from {{ ref('stg_' ~ dataset ~ '__parsed_transactions') }}
    where
        value_problem is null
        and {{ customer_segmentation.hash_number(['transaction_id']) }} in (
            select orders_with_lines.order_number from orders_with_lines
        )

),

raw_rows as (

    select
        input_row_number,
        {{ customer_segmentation.raw_row(ref('input_' ~ dataset ~ '_transactions')) }} as raw_row
    from {{ ref('input_' ~ dataset ~ '_transactions') }}
    where input_row_number in (select transactions.row_number from transactions)

),

lines as (

    select
        transactions.row_number,
        transactions.customer_id,
        transactions.transaction_id,
        transactions.amount,
        raw_rows.raw_row,
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
        ) as place_in_order,
        -- consecutive lines in the input have the same difference
        transactions.row_number - row_number() over (
            partition by transactions.customer_id, transactions.transaction_id order by transactions.row_number
        ) as block
    from transactions
    inner join raw_rows
        on transactions.row_number = raw_rows.input_row_number

),

-- An input that distinguishes lines has some lines of the same order and amount that differ in another column, such as
-- the product.
line_columns as (

    select coalesce(bool_or(first_raw_row <> last_raw_row), false) as tell_lines_apart
    from (
        select
            min(raw_row) as first_raw_row,
            max(raw_row) as last_raw_row
        from lines
        group by customer_id, transaction_id, amount
    ) as equal_amounts

),

orders as (

    select
        customer_id,
        transaction_id,
        min(occurrences) as fewest_occurrences,
        count(distinct block) as blocks,
        min(amount) = max(amount) as has_equal_amounts
    from lines
    group by customer_id, transaction_id

),

-- Two identical lines may be two units of the same product. If every line of an order occurs at least twice, the order
-- was delivered twice. If no column distinguishes lines, identical consecutive lines are lines of one order, and an
-- order that was delivered twice is in two places.
deliveries as (

    select
        orders.customer_id,
        orders.transaction_id,
        orders.has_equal_amounts,
        case
            when line_columns.tell_lines_apart then orders.fewest_occurrences
            when orders.fewest_occurrences >= orders.blocks then orders.blocks
            else 1
        end as deliveries
    from orders
    cross join line_columns

),

final as (

    select
        lines.row_number,
        lines.place_in_order,
        lines.occurrence > floor(lines.occurrences / deliveries.deliveries) as is_repeated,
        deliveries.has_equal_amounts
    from lines
    inner join deliveries
        on lines.customer_id = deliveries.customer_id and lines.transaction_id = deliveries.transaction_id

)

select * from final
{% endmacro %}
