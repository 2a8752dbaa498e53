-- One row per input row of the orders of <dataset>, unchanged.
{{ <package>read_input('<dataset>_transactions', <source>) }}
