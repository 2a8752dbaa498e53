{#
    The model stg_<dataset>__transaction_rows: one row per row of the input of transactions, parsed, with the reason if
    it cannot be used (otherwise null). Rows with the same transaction id are the lines of one order. If an order was
    delivered twice, the duplicate is rejected.
    Example, a whole model: {{ transaction_rows('shop') }}
#}
{% macro transaction_rows(dataset) %}
with

explained as (

    select
        transactions.*,
        coalesce(order_lines.place_in_order, 1) = 1 as is_first_of_order,
        coalesce(
            transactions.value_problem,
            case
                when customers.customer_id is null then 'unknown customer'
                when order_lines.is_repeated then 'duplicate row'
            end
        ) as reason
    from {{ ref('stg_' ~ dataset ~ '__parsed_transactions') }} as transactions
    left join {{ ref('stg_' ~ dataset ~ '__customers') }} as customers
        on transactions.customer_id = customers.customer_id
    left join {{ ref('stg_' ~ dataset ~ '__order_lines') }} as order_lines
        on transactions.row_number = order_lines.row_number

),

final as (

    select
        row_number,
        transaction_id,
        customer_id,
        transaction_date,
        try_cast(amount as decimal(18, 4)) as amount,
        try_cast(refunded_amount as decimal(18, 4)) as refunded_amount,
        upper(currency) as currency,
        quantity,
        unit_price,
        category,
        channel,
        status_found,
        status_read_as,
        status,
        cancelled_on,
        coalesce(quantity < 0 and amount > 0, false) as has_contradicting_signs,
        reason is null and status = 'completed' and amount > 0 as is_purchase,
        reason is null and status = 'completed' and amount > 0 and is_first_of_order as opens_order,
        emptied_values,
        case
            when value_problem is not null then problem_column
            when reason = 'unknown customer' then 'customer_id'
            when reason = 'duplicate row' then 'transaction_id'
        end as problem_column,
        reason,
        case
            when value_problem is not null then {{ customer_segmentation.value_explanation() }}
            when reason = 'unknown customer'
                then 'customer_id ''' || customer_id || ''' is not among the usable customers'
            when reason = 'duplicate row'
                then 'transaction_id ''' || transaction_id || ''' repeats an earlier order with the same lines'
        end as explanation
    from explained

)

select * from final
{% endmacro %}
