-- One row per customer with everything a segmentation can use.
{{ customer_segmentation.purchase_features('crm', ['gender', 'age']) }}
