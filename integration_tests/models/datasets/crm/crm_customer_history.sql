-- One row per customer and completed month.
{{ customer_segmentation.customer_history('crm') }}
