-- One row per usable row of an order with several rows: its place in the order, and whether the order came before.
{{ customer_segmentation.order_lines('crm') }}
