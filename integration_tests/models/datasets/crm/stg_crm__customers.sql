-- One row per usable customer of crm, with conformed names, types and units.
{{ customer_segmentation.usable_rows('crm_customers', ['customer_id', 'gender', 'age', 'signed_up_on']) }}
