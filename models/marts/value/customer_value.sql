-- One row per customer in the default segmentation of a dataset with purchases: segment, RFM group, money so far and
-- money to come at one grain, so that a sum over any of them counts every customer once.
with

final as (

    select
        customers.customer_key,
        customers.segment_key,
        customers.dataset,
        customers.customer_id,
        customers.segmentation,
        customers.persona,
        customers.rfm_group_id,
        customers.rfm_group,
        customers.value,
        expected.probability_alive,
        {% for days in [90, 365] %}
        expected.expected_purchases_{{ days }}_days,
        expected.expected_money_{{ days }}_days,
        expected.money_{{ days }}_days_low,
        expected.money_{{ days }}_days_high,
        {% endfor %}
        customers.currency,
        customers.is_synthetic
    from {{ ref('customer_overview') }} as customers
    inner join {{ ref('customer_lifetime_value') }} as expected
        on customers.customer_key = expected.customer_key

)

select * from final
