-- One row per row of the orders of crm, parsed, with the first thing that is wrong with its values.
{{ customer_segmentation.parsed_transactions('crm') }}
