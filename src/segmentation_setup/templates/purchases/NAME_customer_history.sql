-- One row per customer of <dataset> and completed month: recency, frequency and monetary value as of its end.
{{ customer_history('<dataset>') }}
