{#
    The model <dataset>_customer_features of a dataset with purchases: one row per customer known on the as-of date,
    with demographics (the `columns` of their table) and purchase behaviour up to that day. Customers without a purchase
    keep their row: their frequency and monetary value are 0, and figures that need a purchase are empty.
    Example, a whole model: {{ purchase_features('shop', ['gender', 'age']) }}
#}
{% macro purchase_features(dataset, columns) %}
with

as_of as (

    select as_of_date from {{ ref('as_of_dates') }}
    where dataset = '{{ dataset }}'

),

categories as (

    select
        customer_id,
        nullif(count(*) filter (where category <> 'unknown'), 0) as categories_bought,
        min_by(category, category_rank) filter (where category <> 'unknown') as favourite_category,
        min_by(share_of_amount, category_rank) filter (where category <> 'unknown') as favourite_category_share
    from {{ ref(dataset ~ '_category_mix') }}
    group by customer_id

),

-- Customers who signed up after their first purchase, or have no sign-up date, count from that purchase.
known as (

    select
        customers.*,
        purchases.first_purchase_date,
        purchases.last_purchase_date,
        purchases.recency_days,
        coalesce(purchases.frequency, 0) as frequency,
        coalesce(purchases.monetary_value, 0) as monetary_value,
        purchases.average_order_value,
        purchases.days_between_purchases,
        purchases.return_rate,
        least(
            coalesce(customers.signed_up_on, purchases.first_purchase_date),
            coalesce(purchases.first_purchase_date, customers.signed_up_on)
        ) as customer_since,
        as_of.as_of_date
    from {{ ref('stg_' ~ dataset ~ '__customers') }} as customers
    cross join as_of
    left join {{ ref(dataset ~ '_purchases') }} as purchases
        on customers.customer_id = purchases.customer_id

),

final as (

    select
        known.customer_id,
        {% for column in columns %}
        known.{{ column }},
        {% endfor %}
        known.customer_since,
        known.first_purchase_date,
        known.last_purchase_date,
        known.recency_days,
        known.frequency,
        known.monetary_value,
        known.average_order_value,
        cast({{ dbt.datediff('known.customer_since', 'known.as_of_date', 'day') }} as double) as tenure_days,
        known.days_between_purchases,
        known.return_rate,
        cast(case when known.frequency = 0 then 0 else categories.categories_bought end as double) as categories_bought,
        categories.favourite_category,
        categories.favourite_category_share,
        case when known.frequency = 0 then 'none' when known.frequency = 1 then 'once' else 'repeated' end
            as purchase_history,
        known.as_of_date,
        {{ customer_segmentation.customer_key("'" ~ dataset ~ "'", 'known.customer_id') }} as customer_key
    from known
    left join categories
        on known.customer_id = categories.customer_id
    where coalesce(known.customer_since, known.as_of_date) <= known.as_of_date

)

select
    final.*,
    cast('{{ customer_segmentation.dataset_is_synthetic(dataset) }}' as boolean) as is_synthetic
from final
{% endmacro %}
