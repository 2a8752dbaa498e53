-- One row per row of the input, parsed, with the reason why it cannot be used.
{{ customer_segmentation.transaction_rows('crm') }}
