-- One row per usable Mall Customers row, names, types and units conformed.
{{ usable_rows('mall_customers', ['customer_id', 'gender', 'age', 'annual_income_k', 'spending_score']) }}
