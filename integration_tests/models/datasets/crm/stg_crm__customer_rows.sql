-- One row per row of the input, parsed, with the reason why it cannot be used.
{{ customer_segmentation.customer_rows('crm_customers') }}
