-- One row per row of the orders of <dataset>, as it came.
{{ <package>read_input('<dataset>_transactions', <source>) }}
