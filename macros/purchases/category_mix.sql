{#
    The model <dataset>_category_mix: one row per customer and category bought up to the as-of date. Without a category
    column there are no rows. Purchases are counted before returns, because a return does not always name the returned
    category.
    Example, a whole model: {{ category_mix('shop') }}
#}
{% macro category_mix(dataset) %}
with

as_of as (

    select as_of_date from {{ ref('as_of_dates') }}
    where dataset = '{{ dataset }}'

),

totals as (

    select
        transactions.customer_id,
        transactions.category,
        count(*) as purchases,
        sum(transactions.amount) as purchased_amount
    from {{ ref('stg_' ~ dataset ~ '__transactions') }} as transactions
    inner join as_of
        on transactions.transaction_date <= as_of.as_of_date
    where transactions.is_purchase and transactions.category is not null
    group by transactions.customer_id, transactions.category

),

final as (

    select
        customer_id,
        category,
        purchases,
        cast(purchased_amount as double) as purchased_amount,
        cast(purchased_amount as double) / cast(sum(purchased_amount) over (partition by customer_id) as double)
            as share_of_amount,
        row_number() over (partition by customer_id order by purchased_amount desc, category asc) as category_rank
    from totals

)

select
    final.*,
    cast('{{ customer_segmentation.dataset_is_synthetic(dataset) }}' as boolean) as is_synthetic
from final
{% endmacro %}
