-- One row per usable row of an order with several rows: its position in the order, and whether the row repeats an order
-- that the input already contains.
{{ <package>order_lines('<dataset>') }}
