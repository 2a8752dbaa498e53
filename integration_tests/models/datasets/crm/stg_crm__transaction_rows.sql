-- One row per row of the orders of crm, parsed, with the reason why it cannot be used (null if it can).
-- Rows with the same transaction id are the lines of one order. Of an order that came twice, one is rejected.
{{ customer_segmentation.transaction_rows('crm') }}
