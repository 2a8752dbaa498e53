-- One row per customer of crm and category bought up to the as-of date: how purchases spread over categories.
{{ customer_segmentation.category_mix('crm') }}
