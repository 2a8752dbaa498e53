-- One row per customer with orders.
{{ customer_segmentation.purchases('crm') }}
