-- One row per row of the orders of <dataset>, parsed, with the first thing that is wrong with its values.
{{ <package>parsed_transactions('<dataset>') }}
