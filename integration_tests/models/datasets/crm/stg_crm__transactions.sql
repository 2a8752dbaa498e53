-- One row per usable order.
{{ customer_segmentation.usable_rows('crm_transactions', [
    'row_number', 'transaction_id', 'customer_id', 'transaction_date', 'amount', 'refunded_amount',
    'quantity', 'category', 'channel', 'status', 'is_purchase', 'opens_order'
]) }}
