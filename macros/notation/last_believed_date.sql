{#
    The last date of a column that is believed, as a sub-query: a few dates far behind all others are typing errors, and one of them
    would move the day that recency is counted from for everybody. Decided by the dates alone, so that the same data gives the same
    answer on every day: after a gap of more than `lone_date_gap_days` there are no more than `lone_date_share` of all dates (one of
    twenty or more always). Null if there are no such dates. `entry` is one of input_reading.
#}
{% macro last_believed_date(entry, relation) -%}
    {%- set value = customer_segmentation.quoted(entry.found) if customer_segmentation.has_its_type(entry) else customer_segmentation.input_text(entry) -%}
    {%- set shown = dict(entry, column='believed') -%}
    {%- set as_of = customer_segmentation.setting('as_of_date') | string -%}
    (
        select
            {%- if modules.re.match('^[0-9]{4}-[0-9]{2}-[0-9]{2}$', as_of) %}
            {#- who counts from a day believes the dates up to it #}
            case when min(value_date) < cast('{{ as_of }}' as date) then cast('{{ as_of }}' as date) else min(value_date) end
            {%- else %}
            min(value_date)
            {%- endif %}
        from (
            select
                value_date,
                lead(value_date) over (order by value_date) as next_date,
                sum(found) over () as all_found,
                sum(found) over (order by value_date desc) - found as found_later
            from (
                select
                    {{ customer_segmentation.input_value(shown) }} as value_date,
                    count(*) as found
                from (select {{ value }} as believed_{{ 'typed' if customer_segmentation.has_its_type(entry) else 'text' }} from {{ relation }}) as texts
                group by 1
            ) as counted
            where value_date between cast('{{ entry.minimum }}' as date) and cast('{{ entry.maximum }}' as date)
        ) as followed
        where
            {{ dbt.datediff('value_date', 'next_date', 'day') }} > {{ customer_segmentation.setting('lone_date_gap_days') | int }}
            and all_found >= 20
            and found_later <= greatest({{ customer_segmentation.setting('lone_date_share') | float }} * all_found, 1)
    )
{%- endmacro %}
