-- One row per input row of the orders of crm, unchanged.
{{ customer_segmentation.read_input('crm_transactions', ref('fct_orders')) }}
