{#
    The staging model of an input with one row per customer: every row parsed, with the reason if it cannot be used
    (otherwise null). If an id occurs twice with the same values, it is used once; if the values differ, it is not used
    at all.
    Example, a whole model: {{ customer_rows('shop_customers') }}
#}
{% macro customer_rows(input) %}
{%- set columns = customer_segmentation.input_reading(input) | map(attribute='column') | list -%}
with

judged as (

    {{ customer_segmentation.judged_input(input) }}

),

-- Only usable rows can be duplicates of each other: a broken row must not displace a good one.
repeated_ids as (

    select customer_id
    from judged
    where value_problem is null
    group by customer_id
    having count(*) > 1

),

repeated as (

    select
        customer_id,
        min(row_number) as first_row_number,
        {%- for end in ['min', 'max'] %}
        {{ end }}(
            {%- for column in columns %}
            {{ "|| '|' || " if not loop.first }}coalesce(cast({{ column }} as {{ dbt.type_string() }}), '')
            {%- endfor %}
        ) as {{ end }}_values{{ ',' if not loop.last }}
        {%- endfor %}
    from judged
    where
        value_problem is null
        and customer_id in (select repeated_ids.customer_id from repeated_ids)
    group by customer_id

),

compared as (

    select
        judged.*,
        repeated.first_row_number,
        coalesce(repeated.min_values <> repeated.max_values, false) as is_contradicted,
        coalesce(repeated.first_row_number <> judged.row_number, false) as is_repeated
    from judged
    left join repeated
        on judged.customer_id = repeated.customer_id and judged.value_problem is null

),

final as (

    select
        row_number,
        {%- for column in columns %}
        {{ column }},
        {%- endfor %}
        emptied_values,
        case
            when value_problem is not null then problem_column
            when is_contradicted or is_repeated then 'customer_id'
        end as problem_column,
        case
            when value_problem is not null then value_problem
            when is_contradicted or is_repeated then 'duplicate id'
        end as reason,
        case
            when value_problem is not null then {{ customer_segmentation.value_explanation() }}
            when is_contradicted
                then 'customer_id ''' || customer_id
                    || ''' occurs with different values, so none of its rows can be trusted'
            when is_repeated
                then 'customer_id ''' || customer_id || ''' repeats row ' || first_row_number
        end as explanation
    from compared

)

select * from final
{%- endmacro %}
