-- One row per customer of <dataset> and completed month: recency, frequency and monetary value as of its end.
{{ <package>customer_history('<dataset>') }}
