-- One row per row of the customers of crm, parsed, with the reason if it cannot be used (otherwise null). Every
-- row is kept here, so that accepted and rejected rows add up to the input.
{{ customer_segmentation.customer_rows('crm_customers') }}
