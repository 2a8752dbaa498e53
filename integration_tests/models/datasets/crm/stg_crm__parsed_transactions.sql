-- One row per row of the orders of crm, parsed, with the first problem of its values.
{{ customer_segmentation.parsed_transactions('crm') }}
