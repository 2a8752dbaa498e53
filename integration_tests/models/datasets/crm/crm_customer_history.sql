-- One row per customer of crm and completed month: recency, frequency and monetary value as of its end.
{{ customer_segmentation.customer_history('crm') }}
