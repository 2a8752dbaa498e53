-- One row per customer of an invented shop, drawn by hash: 200 customers, every fifth of whom buys often, every third dear things.
select
    'C' || lpad(cast(number as varchar), 4, '0') as customer_key,
    case when hash(number, 'gender') % 2 = 0 then 'female' else 'male' end as gender,
    cast(20 + hash(number, 'age') % 60 as integer) as age,
    cast('2022-01-01' as date) + cast(hash(number, 'signed up') % 365 as integer) as signed_up_on
from range(1, 201) as numbers (number)
