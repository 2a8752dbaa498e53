-- One row per input row of the customers of crm, unchanged.
{{ customer_segmentation.read_input('crm_customers', ref('dim_customers')) }}
