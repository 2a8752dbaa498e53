-- One row per retail customer and completed month: recency, frequency and monetary value as of the end of that month.
{{ customer_history('retail') }}
