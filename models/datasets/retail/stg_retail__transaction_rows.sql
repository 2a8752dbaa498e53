-- One row per row of the retail transactions input, parsed, with the reason if it cannot be used (otherwise null). Rows
-- with the same transaction id are the lines of one order. If an order was delivered twice, the duplicate is rejected.
{{ transaction_rows('retail') }}
