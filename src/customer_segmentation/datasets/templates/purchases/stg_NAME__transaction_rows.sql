-- One row per row of the orders of <dataset>, parsed, with the reason why it cannot be used (null if it can).
-- Rows with the same transaction id are the lines of one order. Of an order that came twice, one is rejected.
{{ <package>transaction_rows('<dataset>') }}
