-- One row per usable transaction of <dataset>: a purchase, a return or a line of an order, also cancelled.
{{ <package>usable_rows('<dataset>_transactions', [
    'row_number', 'transaction_id', 'customer_id', 'transaction_date', 'amount', 'refunded_amount',
    'quantity', 'category', 'channel', 'status', 'is_purchase', 'opens_order'
]) }}
