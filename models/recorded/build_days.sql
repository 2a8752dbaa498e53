-- One row per dataset: the day that this build describes, and the last one before it that the history has.
{{ config(post_hook='{{ stop_on_earlier_day() }}') }}
with

datasets as (

    {% for dataset in names_in_var('datasets') %}
    select '{{ dataset }}' as dataset
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

days as (

    select
        datasets.dataset,
        -- customers without dates are as of the day they are read
        coalesce(
            as_of_dates.as_of_date,
            cast('{{ setting('as_of_date') or run_started_at.strftime('%Y-%m-%d') }}' as date)
        ) as day,
        as_of_dates.as_of_date is not null as is_dated
    from datasets
    left join {{ ref('as_of_dates') }} as as_of_dates
        on datasets.dataset = as_of_dates.dataset

),

final as (

    select
        days.dataset,
        days.day,
        days.is_dated,
        max(recorded_files.day) as previous_day
    from days
    left join {{ ref('recorded_files') }} as recorded_files
        on days.dataset = recorded_files.dataset and days.day > recorded_files.day
    group by days.dataset, days.day, days.is_dated

)

select * from final
