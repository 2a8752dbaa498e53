-- One row per row of the orders of crm, as it came.
{{ customer_segmentation.read_input('crm_transactions', ref('fct_orders')) }}
