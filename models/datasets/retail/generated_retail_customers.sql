-- One row per customer of a SYNTHETIC retailer: no such people exist. Generated in SQL, so that a var scales it from a
-- small trial to ten million customers; every row depends only on its number, so a smaller table has the first rows of
-- a larger one.
{{ config(materialized='view', schema='inputs') }}
{% do check_number('generated_retail_customers', var('generated_retail_customers'), 1, 1000000000, true) %}
{% set customers = 0 if flags.EMPTY else var('generated_retail_customers') | int %}

-- The 1445 days from 2021-01-01 to 2024-12-15: some customers are new, some were there before the first transaction.
{% set first_sign_up = '2021-01-01' %}
{% set sign_up_days = 1445 %}

-- As in a real table, a few values are missing, and fewer are impossible.
{% set missing_gender = 0.010 %}
{% set missing_age = 0.015 %}
{% set missing_income = 0.015 %}
{% set impossible_age = 0.001 %}
{% set impossible_income = 0.001 %}
with

-- Three kinds of customers. Their spreads overlap, as in real data, so a segmentation finds them with some errors.
-- Incomes are log-normal, with typical_income_k as median; ages are normal.
planted_groups as (

    select
        'high_income' as planted_group,
        25 as percent_of_customers,
        105 as typical_income_k,
        0.24 as income_spread,
        48 as typical_age,
        11 as age_spread
    union all
    select
        'frequent',
        30,
        55,
        0.26,
        41,
        13
    union all
    select
        'occasional',
        45,
        30,
        0.32,
        37,
        14

),

-- One row per percent of the customers, so that a draw finds its group with an equality join.
group_percents as (

    select
        planted_group,
        typical_income_k,
        income_spread,
        typical_age,
        age_spread,
        row_number() over (order by planted_group, percent_of_group) - 1 as percent_number
    from (
        select
            planted_groups.*,
            {{ number_series('percent_of_customers') }} as percent_of_group
        from planted_groups
    ) as percents

),

numbers as (

    select cast(numbers.row_number as bigint) as row_number
    from range(1, {{ customers + 1 }}) as numbers (row_number)

),

draws as (

    select
        row_number,
        cast(floor({{ uniform(['row_number'], 'planted group') }} * 100) as bigint) as percent_number,
        {{ uniform(['row_number'], 'gender') }} as gender_draw,
        {{ uniform(['row_number'], 'age is known') }} as age_known_draw,
        {{ uniform(['row_number'], 'income is known') }} as income_known_draw,
        {{ normal(['row_number'], 'age') | indent(8) }} as age_draw,
        {{ normal(['row_number'], 'income') | indent(8) }} as income_draw,
        cast(floor({{ uniform(['row_number'], 'sign up') }} * {{ sign_up_days }}) as int) as sign_up_day
    from numbers

),

customers as (

    select
        draws.row_number,
        draws.gender_draw,
        draws.age_known_draw,
        draws.income_known_draw,
        draws.sign_up_day,
        group_percents.planted_group,
        cast(
            greatest(18, floor(group_percents.typical_age + group_percents.age_spread * draws.age_draw)) as int
        ) as age,
        -- older customers of a group earn a little more
        round(
            group_percents.typical_income_k
            * exp(group_percents.income_spread * (0.95 * draws.income_draw + 0.3 * draws.age_draw)),
            1
        ) as annual_income_k
    from draws
    inner join group_percents
        on draws.percent_number = group_percents.percent_number

),

final as (

    select
        row_number as input_row_number,
        'R' || lpad(cast(row_number as {{ dbt.type_string() }}), 8, '0') as customer_id,
        case
            when gender_draw < {{ missing_gender }} then null
            when gender_draw < 0.53 then 'female'
            else 'male'
        end as gender,
        case
            when age_known_draw < {{ missing_age }} then null
            when age_known_draw < {{ missing_age + impossible_age / 2 }} then 0
            when age_known_draw < {{ missing_age + impossible_age }} then 190
            else age
        end as age,
        case
            when income_known_draw < {{ missing_income }} then null
            when income_known_draw < {{ missing_income + impossible_income }} then -annual_income_k
            else annual_income_k
        end as annual_income_k,
        cast(
            {{ dbt.dateadd('day', 'sign_up_day', "cast('" ~ first_sign_up ~ "' as date)") }} as date
        ) as signed_up_on,
        planted_group
    from customers

)

select * from final
