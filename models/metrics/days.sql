-- One row per day of a century: the calendar of the semantic layer. A view, so it costs the build nothing.
with

numbers as (

    select {{ number_series(36525) }} as number

),

final as (

    select cast({{ dbt.dateadd('day', 'cast(number - 1 as int)', "cast('2000-01-01' as date)") }} as date) as date_day
    from numbers

)

select * from final
