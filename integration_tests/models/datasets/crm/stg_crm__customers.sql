-- One row per usable customer.
{{ customer_segmentation.usable_rows('crm_customers', ['customer_id', 'gender', 'age', 'signed_up_on']) }}
