{#
    What a group of completed transactions adds up to: orders, money net of returns, money bought, first and last
    purchase. Defined once, so that the features and their history cannot disagree.
    Example: select customer_id, {{ purchase_totals('transactions') }} from ... group by customer_id
#}
{% macro purchase_totals(transactions) -%}
    count(*) filter (where {{ transactions }}.opens_order) as orders,
    sum({{ transactions }}.amount) - coalesce(sum({{ transactions }}.refunded_amount), 0) as net_amount,
    sum({{ transactions }}.amount) filter (where {{ transactions }}.is_purchase) as purchased_amount,
    min({{ transactions }}.transaction_date) filter (where {{ transactions }}.is_purchase) as first_purchase_date,
    max({{ transactions }}.transaction_date) filter (where {{ transactions }}.is_purchase) as last_purchase_date
{%- endmacro %}
