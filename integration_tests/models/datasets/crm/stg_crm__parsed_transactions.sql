-- One row per row of the input, parsed.
{{ customer_segmentation.parsed_transactions('crm') }}
