-- One row per usable retail customer, names, types and units conformed. Age, income and sign-up date may be unknown.
{{ usable_rows('retail_customers', ['customer_id', 'gender', 'age', 'annual_income_k', 'signed_up_on']) }}
