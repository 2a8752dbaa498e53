-- One row per customer and category bought.
{{ customer_segmentation.category_mix('crm') }}
