{#
    Fails for rows whose columns together name no row of another table, whose key has several columns; dbt's own test `relationships`
    compares one. `fields` are the columns there, where they have other names. A row with an empty column names nothing.
    Returns what is not there with its count. Compares numbers made from the columns, as `has_key` does.
#}
{% test refers_to(model, columns, to, fields=none) %}
with

numbered as (

    select
        {{ columns | join(', ') }},
        {{ customer_segmentation.hash_number(columns) }} as key_number
    from {{ model }}
    where {{ columns | join(' is not null and ') }} is not null

),

known as (

    select {{ customer_segmentation.hash_number(fields or columns) }} as key_number
    from {{ to }}

)

select
    {{ columns | join(', ') }},
    count(*) as occurrences
from numbered
where not exists (select 1 from known where known.key_number = numbered.key_number)
group by {{ columns | join(', ') }}
{% endtest %}
