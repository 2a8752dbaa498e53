-- One row per order of the shop, as it came.
{{ customer_segmentation.read_input('crm_transactions', ref('fct_orders')) }}
