-- One row per row of the retail transactions input, parsed, with the first thing that is wrong with its values.
-- They are looked at several times. Texts and drawn rows are kept, which is quicker than parsing or drawing them again;
-- the values of a Parquet file have types and are quicker read again than written.
{% set input = 'retail_transactions' %}
{{ config(materialized='table' if input_location(input).kind == 'default' else input_materialization(input)) }}
{% set entries = {} %}
{% for entry in input_reading(input) %}{% do entries.update({entry.column: entry}) %}{% endfor %}
{% set amount, currency, status = entries.get('amount', {}), entries.get('currency', {}), entries.get('status', {}) %}
{% set empty = 'cast(null as ' ~ dbt.type_string() ~ ')' %}
{% set has_currency, has_words = currency.found and true, status.shows_words and status.found and true %}
{% set known_currency = "nullif(judged.currency, 'unknown')" %}
{% set is_cancelled = 'cancelled_on is not null' if entries.get('cancelled_on', {}).found else 'false' %}
{% set refunded_amount = 'abs(refunded_amount)' if entries.get('refunded_amount', {}).found else 'cast(null as double)' %}
with

judged as (

{{ judged_input(input) }}

),

{% if amount.is_computed %}
completed as (

    select
        judged.*,
        customer_id as order_customer_id,
        transaction_date as order_date,
        {{ known_currency if has_currency else empty }} as order_currency,
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
    from judged

),
{% elif amount.continues_orders %}
-- Some shops export an order in several rows of which one carries its total: the others add goods, but no money.
orders as (

    select
        transaction_id,
        customer_id,
        min(transaction_date) as transaction_date,
        {{ 'max(' ~ known_currency ~ ')' if has_currency else empty }} as currency,
        max(status) as status,
        count(*) over (partition by transaction_id) as customers
    from judged
    where value_problem is null
    group by transaction_id, customer_id

),

completed as (

    select
        judged.*,
        coalesce(judged.customer_id, orders.customer_id) as order_customer_id,
        coalesce(judged.transaction_date, orders.transaction_date) as order_date,
        {{ 'coalesce(' ~ known_currency ~ ', orders.currency)' if has_currency else empty }} as order_currency,
        {{ 'case when judged.status_found is null then coalesce(orders.status, judged.status) else judged.status end'
        if has_words else 'judged.status' }} as order_status,
        case when orders.transaction_id is null then judged.amount else 0 end as order_amount,
        case when orders.transaction_id is null then judged.problem_column end as order_problem_column,
        case when orders.transaction_id is null then judged.value_problem end as order_problem,
        case when orders.transaction_id is null then judged.problem_value end as order_problem_value
    from judged
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
        {{ known_currency if has_currency else empty }} as order_currency,
        status as order_status,
        amount as order_amount,
        problem_column as order_problem_column,
        value_problem as order_problem,
        problem_value as order_problem_value
    from judged

),
{% endif %}

final as (

    select
        row_number,
        transaction_id,
        order_customer_id as customer_id,
        order_date as transaction_date,
        order_amount as amount,
        {{ refunded_amount }} as refunded_amount,
        order_currency as currency,
        quantity,
        {{ 'unit_price' if entries.get('unit_price', {}).found else 'cast(null as double)' }} as unit_price,
        category,
        channel,
        {{ 'status_found' if has_words else empty }} as status_found,
        order_status as status_read_as,
        -- what came back of an order is known from its refunded amount, or from a row of its own with an amount below zero
        case
            when {{ is_cancelled }} then 'cancelled'
            when order_status = 'partially_refunded' then 'completed'
            when order_status = 'refunded' and (order_amount < 0 or {{ refunded_amount }} > 0) then 'completed'
            else order_status
        end as status,
        {{ 'cancelled_on' if entries.get('cancelled_on', {}).found else 'cast(null as date)' }} as cancelled_on,
        emptied_values,
        {% if currency.counted %}
        {# an amount whose currency is not said could be of any #}
        {% set is_foreign = "coalesce(order_currency <> '" ~ currency.counted | replace("'", "''") ~ "', order_amount <> 0)" %}
        case
            when order_problem is not null then order_problem_column
            when {{ is_foreign }} then 'currency'
        end as problem_column,
        case
            when order_problem is not null then order_problem
            when {{ is_foreign }} then 'another currency'
        end as value_problem,
        case
            when order_problem is not null then order_problem_value
            when {{ is_foreign }} then upper(order_currency)
        end as problem_value
        {% else %}
        order_problem_column as problem_column,
        order_problem as value_problem,
        order_problem_value as problem_value
        {% endif %}
    from completed

)

select * from final
