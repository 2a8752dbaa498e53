-- One row per row of the orders of <dataset>, parsed, with the first problem of its values.
{{ <package>parsed_transactions('<dataset>') }}
