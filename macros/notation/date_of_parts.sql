{#
    A date from three texts of digits; null if there is no such day. A year of two digits is the latest year up to
    `latest_year` with these digits: with 2030, 24 is 2024 and 95 is 1995.
    Example: {{ date_of_parts("split_part(day, '/', 3)", "split_part(day, '/', 1)", "split_part(day, '/', 2)", 2030) }}
#}
{% macro date_of_parts(year, month, day, latest_year) -%}
    try_cast(
        case
            when length({{ year }}) > 2 then {{ year }}
            else cast(
                {{ latest_year }} - ({{ latest_year }} - try_cast({{ year }} as int)) % 100 as {{ dbt.type_string() }}
            )
        end || '-' || {{ month }} || '-' || {{ day }} as date
    )
{%- endmacro %}
