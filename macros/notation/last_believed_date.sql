{#
    The last accepted date of a column, as a subquery: a few dates far later than all others are typing errors, and any
    of them would move the day from which recency is counted back for all customers. Only the dates decide, so the same
    data gives the same answer on every day: after a gap of more than `lone_date_gap_days` there are no more than
    `lone_date_share` of all dates (one of twenty or more always). Null if there are no such dates. `entry` is one of
    input_reading.
#}
{% macro last_believed_date(entry, relation) -%}
    {%- set value = customer_segmentation.quoted(entry.found) if customer_segmentation.has_its_type(entry)
        else customer_segmentation.input_text(entry) -%}
    {%- set shown = dict(entry, column='believed') -%}
    {%- set as_of = customer_segmentation.setting('as_of_date') | string -%}
    (
        select
            {%- if modules.re.match('^[0-9]{4}-[0-9]{2}-[0-9]{2}$', as_of) %}
            {#- an as-of date implies that dates up to it are correct #}
            case
                when min(value_date) < cast('{{ as_of }}' as date) then cast('{{ as_of }}' as date)
                else min(value_date)
            end
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
                from (select {{ value }} as believed_{{
                    'typed' if customer_segmentation.has_its_type(entry) else 'text'
                }} from {{ relation }}) as texts
                group by 1
            ) as counted
            where value_date between cast('{{ entry.minimum }}' as date) and cast('{{ entry.maximum }}' as date)
        ) as followed
        where
            {{ dbt.datediff('value_date', 'next_date', 'day') }} > {{
                customer_segmentation.setting('lone_date_gap_days') | int
            }}
            and all_found >= 20
            and found_later <= greatest({{ customer_segmentation.setting('lone_date_share') | float }} * all_found, 1)
    )
{%- endmacro %}
