{#
    The model stg_<dataset>__parsed_transactions: one row per row of the input of transactions, parsed, with the first
    problem of its values. Later models read the rows several times. Parsed texts and generated rows are stored, which
    is faster than parsing or generating them again; the values of a Parquet file have types and are faster to read
    again than to store.
    Example, a whole model: {{ parsed_transactions('shop') }}
#}
{% macro parsed_transactions(dataset) %}
{% set input = dataset ~ '_transactions' %}
{% if customer_segmentation.input_materialization(var(input, none)) == 'view' %}
    {% do config(materialized='view') %}
{% endif %}
{% set entries = {} %}
{% for entry in customer_segmentation.input_reading(input) %}{% do entries.update({entry.column: entry}) %}{% endfor %}
{% set amount, currency = entries.get('amount', {}), entries.get('currency', {}) %}
{% set status = entries.get('status', {}) %}
{% set empty = 'cast(null as ' ~ dbt.type_string() ~ ')' %}
{% set has_currency, has_words = currency.found and true, status.shows_words and status.found and true %}
{% set known_currency = "nullif(judged.currency, 'unknown')" %}
{% set is_cancelled = 'cancelled_on is not null' if entries.get('cancelled_on', {}).found else 'false' %}
{% set has_refunds = entries.get('refunded_amount', {}).found and true %}
{% set refunded_amount = 'abs(refunded_amount)' if has_refunds else 'cast(null as double)' %}
with

judged as (

    {{ customer_segmentation.judged_input(input) }}

),

{{ customer_segmentation.completed_transactions(
    'judged', amount, known_currency if has_currency else empty, has_words
) }}

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
        -- the refund of an order is known from its refunded amount, or from a separate negative row
        case
            when {{ is_cancelled }} then 'cancelled'
            when order_status = 'partially_refunded' then 'completed'
            when order_status = 'refunded' and (order_amount < 0 or {{ refunded_amount }} > 0) then 'completed'
            else order_status
        end as status,
        {{ 'cancelled_on' if entries.get('cancelled_on', {}).found else 'cast(null as date)' }} as cancelled_on,
        emptied_values,
        {% if currency.counted %}
        {# an amount without a currency could be in any currency #}
        {% set counted = customer_segmentation.quoted_words([currency.counted]) %}
        {% set is_foreign = 'coalesce(order_currency <> ' ~ counted ~ ', order_amount <> 0)' %}
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
{% endmacro %}
