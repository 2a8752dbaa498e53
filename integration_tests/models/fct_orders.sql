-- One row per order of an invented shop, drawn by hash: 1,500 orders of 2023 and 2024.
with

drawn as (

    select
        number,
        -- half of the orders come from every fifth customer
        case
            when number % 2 = 0 then 5 * (1 + hash(number, 'regular') % 40) else 1 + hash(number, 'customer') % 200
        end as customer
    from range(1, 1501) as numbers (number)

)

select
    'O' || lpad(cast(number as varchar), 5, '0') as order_key,
    'C' || lpad(cast(customer as varchar), 4, '0') as customer_key,
    cast('2023-01-01' as date) + cast(hash(number, 'day') % 731 as integer) as ordered_on,
    cast(
        (case when customer % 3 = 0 then 80 else 10 end) + (hash(number, 'amount') % 2000) / 100.0 as decimal(9, 2)
    ) as amount,
    ['books', 'tea', 'toys'][1 + cast(hash(number, 'category') % 3 as integer)] as category
from drawn
