-- One row per row of the spreadsheet of customers, unchanged: the synthetic one, which is written if it does not exist
-- yet, or the file or table that the var names. The fingerprint is that of the synthetic one.
{% set spreadsheet = 'seeds/raw/sales_customers.xlsx' %}
{% if execute and not var('sales_customers', none) %}
{% do run_query("select write_example_spreadsheet('" ~ spreadsheet ~ "')") %}
{% endif %}
{{ read_input('sales_customers', spreadsheet, is_synthetic=true, fingerprint='eb7cfaec1a62f3e29bc02a04183fee2f') }}
