-- One row per customer of the shop, as it came.
{{ customer_segmentation.read_input('crm_customers', ref('dim_customers')) }}
