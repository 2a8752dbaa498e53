-- One row per row of the spreadsheet of customers, as it came: the synthetic one, or what the var names.
{{ read_input('sales_customers') }}
