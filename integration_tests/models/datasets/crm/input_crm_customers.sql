-- One row per row of the customers of crm, as it came.
{{ customer_segmentation.read_input('crm_customers', ref('dim_customers')) }}
