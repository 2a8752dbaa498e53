-- One row per usable Mall Customers row, with conformed names, types and units.
{{ usable_rows('mall_customers', ['customer_id', 'gender', 'age', 'annual_income_k', 'spending_score']) }}
