-- One row per row of the customers of <dataset>, parsed, with the reason if it cannot be used (otherwise null). Every
-- row is kept here, so that accepted and rejected rows add up to the input.
{{ <package>customer_rows('<dataset>_customers') }}
