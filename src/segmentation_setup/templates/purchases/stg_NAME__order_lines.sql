-- One row per usable row of an order with several rows: its place in the order, and whether the order came before.
{{ order_lines('<dataset>') }}
