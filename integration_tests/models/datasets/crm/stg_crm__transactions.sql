-- One row per usable transaction of crm: a purchase, a return or a line of an order, also cancelled.
{{ customer_segmentation.usable_rows('crm_transactions', [
    'row_number', 'transaction_id', 'customer_id', 'transaction_date', 'amount', 'refunded_amount',
    'quantity', 'category', 'channel', 'status', 'is_purchase', 'opens_order'
]) }}
