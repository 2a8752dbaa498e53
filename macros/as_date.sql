{#
    Read a text as a date; null if it is none: 2024-12-31 (with or without time), 2024/12/31, 20241231, 31.12.2024, the count
    of days that spreadsheets keep, and dates with slashes in the order that `dates` says (`day_first` or `month_first`).
    Example: {{ as_date('date_text', 'day_first') }} as transaction_date
#}
{% macro as_date(text, dates=none) -%}
    {%- set day = "split_part(split_part(" ~ text ~ ", ' ', 1), 'T', 1)" -%}
    {%- set slashes = {'day_first': '%d/%m/%Y', 'month_first': '%m/%d/%Y'} -%}
    case
        when {{ matches(text, '^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}') }} then try_cast({{ day }} as date)
        when {{ matches(text, '^[0-9]{4}/[0-9]{1,2}/[0-9]{1,2}') }}
            then cast(try_strptime({{ day }}, '%Y/%m/%d') as date)
        when {{ matches(text, '^[0-9]{8}$') }} then cast(try_strptime({{ text }}, '%Y%m%d') as date)
        when {{ matches(text, '^[0-9]{1,2}[.][0-9]{1,2}[.][0-9]{4}') }}
            then cast(try_strptime({{ day }}, '%d.%m.%Y') as date)
        {%- if dates in slashes %}
        when {{ matches(text, '^[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}') }}
            then cast(try_strptime({{ day }}, '{{ slashes[dates] }}') as date)
        {%- endif %}
        when {{ matches(text, '^[0-9]{4,6}([.][0-9]+)?$') }}
            then cast({{ dbt.dateadd('day', 'cast(floor(try_cast(' ~ text ~ ' as double)) as int)', "cast('1899-12-30' as date)") }} as date)
    end
{%- endmacro %}
