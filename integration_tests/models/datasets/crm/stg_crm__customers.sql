-- One row per usable customer of crm, names, types and units conformed.
{{ customer_segmentation.usable_rows('crm_customers', ['customer_id', 'gender', 'age', 'signed_up_on']) }}
