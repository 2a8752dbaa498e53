{#
    The staging model of an input with one row per customer: every row parsed, with the reason why it cannot be used (null if
    it can). An id that comes twice with the same values is used once; with different values it is not used at all.
    Example, a whole model: {{ customer_rows('mall_customers') }}
#}
{% macro customer_rows(input) %}
{%- set columns = input_reading(input) | map(attribute='column') | list -%}
with

judged as (

    {{ judged_input(input) }}

),

-- Only usable rows can be duplicates of each other: a broken row must not push out a good one.
compared as (

    select
        judged.*,
        row_number() over (partition by customer_id, value_problem order by row_number) as occurrence,
        min(row_number) over (partition by customer_id, value_problem) as first_row_number,
        {%- for end in ['min', 'max'] %}
        {{ end }}(
            {%- for column in columns %}
            {{ "|| '|' || " if not loop.first }}coalesce(cast({{ column }} as {{ dbt.type_string() }}), '')
            {%- endfor %}
        ) over (partition by customer_id, value_problem) as {{ end }}_values{{ ',' if not loop.last }}
        {%- endfor %}
    from judged

),

final as (

    select
        row_number,
        {%- for column in columns %}
        {{ column }},
        {%- endfor %}
        raw_row,
        emptied_values,
        case
            when value_problem is not null then problem_column
            when min_values <> max_values or occurrence > 1 then 'customer_id'
        end as problem_column,
        case
            when value_problem is not null then value_problem
            when min_values <> max_values or occurrence > 1 then 'duplicate id'
        end as reason,
        case
            when value_problem is not null then {{ found_instead('problem_column', 'problem_value') }}
            when min_values <> max_values
                then 'customer_id ''' || customer_id || ''' comes with different values, so no row of it can be trusted'
            when occurrence > 1
                then 'customer_id ''' || customer_id || ''' repeats row ' || first_row_number
        end as explanation
    from compared

)

select * from final
{%- endmacro %}
