-- One row per usable retail transaction: a purchase, a return (negative amount) or a line of an order, also cancelled.
{{ usable_rows('retail_transactions', [
    'row_number', 'transaction_id', 'customer_id', 'transaction_date', 'amount', 'refunded_amount',
    'quantity', 'category', 'channel', 'status', 'is_purchase', 'opens_order'
]) }}
