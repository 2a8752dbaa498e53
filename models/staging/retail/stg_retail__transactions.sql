-- One row per usable retail transaction: a purchase, a return (negative amount) or a line of an order, also cancelled.
{{ stop_without_usable_rows('retail_transactions') }}
select
    row_number,
    transaction_id,
    customer_id,
    transaction_date,
    amount,
    refunded_amount,
    quantity,
    category,
    channel,
    status,
    is_purchase,
    opens_order
from {{ ref('stg_retail__transaction_rows') }}
where reason is null
