-- One row per usable retail customer, with conformed names, types and units. Age, income and sign-up date may be
-- unknown.
{{ usable_rows('retail_customers', ['customer_id', 'gender', 'age', 'annual_income_k', 'signed_up_on']) }}
