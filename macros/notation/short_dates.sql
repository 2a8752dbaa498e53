{#
    The number of dates with a two-digit year in a column, and how many of them are valid if the day, the month or the
    year is read first; the numbers of distinct first and last numbers; an example; and whether a date with the name of
    a month has a year of four digits at its end.
#}
{% macro short_dates(relation, entry, seen, months, latest_year) %}
    {% set text, written = 'trim(' ~ customer_segmentation.quoted(entry.found) ~ ')',
        customer_segmentation.date_patterns().short %}
    {% set named = customer_segmentation.named_date_patterns(months).day_first if months else none %}
    {% set day = "translate(split_part(" ~ text ~ ", ' ', 1), '/.', '--')" %}
    {% set query %}
        select
            count(case when day_first or month_first or year_first then 1 end) as dates,
            count(case when day_first then 1 end) as day_first,
            count(case when month_first then 1 end) as month_first,
            count(case when year_first then 1 end) as year_first,
            count(distinct case when day_first or year_first then first_number end) as different_firsts,
            count(distinct case when day_first or year_first then last_number end) as different_lasts,
            min(case when day_first or month_first or year_first then written end) as example,
            coalesce(max(has_long_name), false) as has_long_names
        from (
            select
                written,
                length(last_number) > 2 as has_long_name,
                first_number,
                last_number,
                length(last_number) = 2
                and {{ customer_segmentation.date_of_parts('last_number', 'middle', 'first_number', latest_year) }}
                between cast('{{ entry.minimum }}' as date) and cast('{{ entry.maximum }}' as date) as day_first,
                length(last_number) = 2 and not is_named
                and {{ customer_segmentation.date_of_parts('last_number', 'first_number', 'middle', latest_year) }}
                between cast('{{ entry.minimum }}' as date) and cast('{{ entry.maximum }}' as date) as month_first,
                length(first_number) = 2 and length(last_number) = 2
                and {{ customer_segmentation.date_of_parts('first_number', 'middle', 'last_number', latest_year) }}
                between cast('{{ entry.minimum }}' as date) and cast('{{ entry.maximum }}' as date) as year_first
            from (
                select
                    {{ text }} as written,
                    false as is_named,
                    split_part({{ day }}, '-', 1) as first_number,
                    split_part({{ day }}, '-', 2) as middle,
                    substr(split_part({{ day }}, '-', 3), 1, 2) as last_number
                from {{ relation }}
                where {{ customer_segmentation.matches(text, written) }}
                {% if named %}
                union all
                select
                    {{ text }},
                    true,
                    regexp_extract(lower({{ text }}), '{{ named }}', 2),
                    {{ customer_segmentation.month_number('lower(' ~ text ~ ')', months) }},
                    regexp_extract(lower({{ text }}), '{{ named }}', 5)
                from {{ relation }}
                where {{ customer_segmentation.matches('lower(' ~ text ~ ')', named) }}
                {% endif %}
            ) as parts
        ) as judged
    {% endset %}
    {{ return(customer_segmentation.rows_as_json(query)[0]) }}
{% endmacro %}
