-- One row per row of the customers of <dataset>, parsed, with the reason why it cannot be used (null if it can).
-- Every row is kept here, so that what staging accepts and what it rejects add up to what came in.
{{ <package>customer_rows('<dataset>_customers') }}
