-- One row per row of an order with several rows.
{{ customer_segmentation.order_lines('crm') }}
