-- One row per usable row of the spreadsheet, with conformed names, types and units.
{{ usable_rows('sales_customers', [
    'customer_id', 'gender', 'age', 'annual_income_k', 'spending_score', 'product_category',
    'purchase_frequency', 'last_purchase_date'
]) }}
