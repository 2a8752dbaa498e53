-- One row per row of the orders of <dataset>, as it came.
{{ read_input('<dataset>_transactions', <source>) }}
