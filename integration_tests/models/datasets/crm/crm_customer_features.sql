-- One row per customer of crm known on the as-of date: who they are and how they bought up to then.
{{ customer_segmentation.purchase_features('crm', ['gender', 'age']) }}
