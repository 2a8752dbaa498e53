-- One row per row of the spreadsheet, parsed, with the reason if it cannot be used (otherwise null).
-- Every row is kept here, so that accepted and rejected rows add up to the input.
{{ customer_rows('sales_customers') }}
