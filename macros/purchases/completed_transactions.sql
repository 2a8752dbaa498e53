{#
    The CTE `completed`: judged transactions with the customer, date, currency, status and amount of their order, and
    the first remaining problem of each row. The amount is computed if the input has unit prices instead; a row without
    an amount continues its order if another row has the total. `amount` is the entry of input_reading.
#}
{% macro completed_transactions(judged, amount, known_currency, has_words) %}
{% if amount.is_computed %}
completed as (

    select
        judged.*,
        customer_id as order_customer_id,
        transaction_date as order_date,
        {{ known_currency }} as order_currency,
        status as order_status,
        quantity * unit_price as order_amount,
        case
            when value_problem is not null then problem_column
            when coalesce(quantity * unit_price between {{ amount.minimum }} and {{ amount.maximum }}, false) then null
            else 'amount'
        end as order_problem_column,
        case
            when value_problem is not null then value_problem
            when quantity * unit_price is null then 'missing'
            when quantity * unit_price not between {{ amount.minimum }} and {{ amount.maximum }} then 'out of range'
        end as order_problem,
        case
            when value_problem is not null then problem_value
            when quantity * unit_price not between {{ amount.minimum }} and {{ amount.maximum }}
                then cast(quantity * unit_price as {{ dbt.type_string() }})
        end as order_problem_value
    from {{ judged }} as judged

),
{% elif amount.continues_orders %}
-- Some shops export an order as several rows, and only one row has the total: the other rows add items, but no money.
orders as (

    select
        transaction_id,
        customer_id,
        min(transaction_date) as transaction_date,
        max({{ known_currency }}) as currency,
        max(status) as status,
        count(*) over (partition by transaction_id) as customers
    from {{ judged }} as judged
    where value_problem is null
    group by transaction_id, customer_id

),

completed as (

    select
        judged.*,
        coalesce(judged.customer_id, orders.customer_id) as order_customer_id,
        coalesce(judged.transaction_date, orders.transaction_date) as order_date,
        coalesce({{ known_currency }}, orders.currency) as order_currency,
        {{ 'case when judged.status_found is null then coalesce(orders.status, judged.status) else judged.status end'
        if has_words else 'judged.status' }} as order_status,
        case when orders.transaction_id is null then judged.amount else 0 end as order_amount,
        case when orders.transaction_id is null then judged.problem_column end as order_problem_column,
        case when orders.transaction_id is null then judged.value_problem end as order_problem,
        case when orders.transaction_id is null then judged.problem_value end as order_problem_value
    from {{ judged }} as judged
    left join orders
        on
            judged.value_problem = 'missing'
            and judged.amount is null
            and judged.transaction_id = orders.transaction_id
            and (
                judged.customer_id = orders.customer_id
                or (judged.customer_id is null and orders.customers = 1)
            )

),
{% else %}
completed as (

    select
        judged.*,
        customer_id as order_customer_id,
        transaction_date as order_date,
        {{ known_currency }} as order_currency,
        status as order_status,
        amount as order_amount,
        problem_column as order_problem_column,
        value_problem as order_problem,
        problem_value as order_problem_value
    from {{ judged }} as judged

),
{% endif %}
{% endmacro %}
