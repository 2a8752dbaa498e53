-- One row per usable row of an order with several rows: its place in the order, and whether the order came before.
{{ <package>order_lines('<dataset>') }}
