{#
    Read a text as a date; null if it is none: 2024-12-31 (with or without time), 2024/12/31, 20241231, 31.12.2024,
    spreadsheet day numbers, and the other forms found in the column: numbers in the order of `dates` (`day_first` or
    `month_first`), years of two digits in the order of `short_years` (also `year_first`), and the names of `months`.
    Example: {{ as_date('date_text', 'day_first') }} as transaction_date
#}
{% macro as_date(text, dates=none, short_years=none, latest_year=none, months=none) -%}
    {%- set day = "split_part(split_part(" ~ text ~ ", ' ', 1), 'T', 1)" -%}
    {%- set numbers = {'day_first': '%d/%m/%Y', 'month_first': '%m/%d/%Y'} -%}
    case
        when {{ customer_segmentation.matches(text, '^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}') }}
            then try_cast({{ day }} as date)
        when {{ customer_segmentation.matches(text, '^[0-9]{4}/[0-9]{1,2}/[0-9]{1,2}') }}
            then cast(try_strptime({{ day }}, '%Y/%m/%d') as date)
        when {{ customer_segmentation.matches(text, '^[0-9]{8}$') }}
            then cast(try_strptime({{ text }}, '%Y%m%d') as date)
        {%- if dates in numbers %}
        when {{ customer_segmentation.matches(text, '^[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{4}') }}
            then cast(try_strptime(translate({{ day }}, '-.', '//'), '{{ numbers[dates] }}') as date)
        {%- else %}
        when {{ customer_segmentation.matches(text, '^[0-9]{1,2}[.][0-9]{1,2}[.][0-9]{4}') }}
            then cast(try_strptime({{ day }}, '%d.%m.%Y') as date)
        {%- endif %}
        when {{ customer_segmentation.matches(text, '^[0-9]{4,6}([.][0-9]+)?$') }}
            then cast({{ dbt.dateadd(
                'day', 'cast(floor(try_cast(' ~ text ~ ' as double)) as int)', "cast('1899-12-30' as date)"
            ) }} as date)
        {%- if short_years %}
        {%- set part = "substr(split_part(translate(" ~ day ~ ", '/.', '--'), '-', {}), 1, 2)" %}
        {%- set places = {'day_first': [3, 2, 1], 'month_first': [3, 1, 2], 'year_first': [1, 2, 3]}[short_years] %}
        when {{ customer_segmentation.matches(text, customer_segmentation.date_patterns().short) }}
            then {{ customer_segmentation.date_of_parts(
                part.format(places[0]), part.format(places[1]), part.format(places[2]), latest_year
            ) }}
        {%- endif %}
        {%- if months %}
        {%- set patterns, lower_text = customer_segmentation.named_date_patterns(months), 'lower(' ~ text ~ ')' %}
        {%- set groups = {'day_first': [5, 2], 'month_first': [5, 3], 'year_first': [1, 3]} %}
        {%- for order in groups %}
        {%- set year = "regexp_extract(" ~ lower_text ~ ", '" ~ patterns[order] ~ "', " ~ groups[order][0] ~ ")" %}
        {%- set day_of_month = "regexp_extract(" ~ lower_text ~ ", '" ~ patterns[order] ~ "', " ~ groups[order][1]
            ~ ")" %}
        {%- if order == 'day_first' and short_years == 'year_first' %}
        when {{ customer_segmentation.matches(lower_text, patterns[order]) }} and length({{ year }}) = 2
            then {{ customer_segmentation.date_of_parts(
                day_of_month, customer_segmentation.month_number(lower_text, months), year, latest_year
            ) }}
        {%- endif %}
        when {{ customer_segmentation.matches(lower_text, patterns[order]) }}
            then {{ customer_segmentation.date_of_parts(
                year, customer_segmentation.month_number(lower_text, months), day_of_month, latest_year
            ) }}
        {%- endfor %}
        {%- endif %}
    end
{%- endmacro %}
