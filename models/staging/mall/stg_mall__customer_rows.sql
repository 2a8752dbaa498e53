-- One row per row of the Mall Customers input, parsed, with the reason why it cannot be used (null if it can).
-- Every row is kept here, so that what staging accepts and what it rejects add up to what came in.
with

source as (

    select
        {{ input_row_number() }} as row_number,
        trim({{ adapter.quote('CustomerID') }}) as customer_id,
        trim({{ adapter.quote('Gender') }}) as gender_text,
        trim({{ adapter.quote('Age') }}) as age_text,
        trim({{ adapter.quote('Annual Income (k$)') }}) as income_text,
        trim({{ adapter.quote('Spending Score (1-100)') }}) as score_text
    from {{ ref('mall_customers') }}

),

limits as (

    select
        max(case when feature = 'age' then valid_minimum end) as age_minimum,
        max(case when feature = 'age' then valid_maximum end) as age_maximum,
        max(case when feature = 'annual_income_k' then valid_minimum end) as income_minimum,
        max(case when feature = 'annual_income_k' then valid_maximum end) as income_maximum,
        max(case when feature = 'spending_score' then valid_minimum end) as score_minimum,
        max(case when feature = 'spending_score' then valid_maximum end) as score_maximum
    from {{ ref('features') }}
    where dataset = 'mall'

),

parsed as (

    select
        source.*,
        case
            when lower(gender_text) in ('female', 'f') then 'female'
            when lower(gender_text) in ('male', 'm') then 'male'
            else 'unknown'
        end as gender,
        {{ as_number('age_text') }} as age,
        {{ as_number('income_text') }} as annual_income_k,
        {{ as_number('score_text') }} as spending_score,
        coalesce(customer_id, '') || ',' || coalesce(gender_text, '') || ',' || coalesce(age_text, '')
        || ',' || coalesce(income_text, '') || ',' || coalesce(score_text, '') as raw_row
    from source

),

judged as (

    select
        parsed.*,
        case when coalesce(parsed.customer_id, '') = '' then 'missing' end as id_problem,
        {{ number_problem('age_text', 'age', 'age_minimum', 'age_maximum') }} as age_problem,
        {{ number_problem('income_text', 'annual_income_k', 'income_minimum', 'income_maximum') }} as income_problem,
        {{ number_problem('score_text', 'spending_score', 'score_minimum', 'score_maximum') }} as score_problem
    from parsed
    cross join limits

),

explained as (

    select
        judged.*,
        coalesce(id_problem, age_problem, income_problem, score_problem) as value_problem,
        case
            when id_problem is not null then 'customer_id'
            when age_problem is not null then 'age'
            when income_problem is not null then 'annual_income_k'
            when score_problem is not null then 'spending_score'
        end as problem_column,
        case
            when id_problem is not null then customer_id
            when age_problem is not null then age_text
            when income_problem is not null then income_text
            when score_problem is not null then score_text
        end as problem_value
    from judged

),

-- Only usable rows can be duplicates of each other: a broken row must not push out a good one.
compared as (

    select
        explained.*,
        row_number() over (partition by customer_id, value_problem order by row_number) as occurrence,
        min(row_number) over (partition by customer_id, value_problem) as first_row_number,
        min(gender || '|' || age || '|' || annual_income_k || '|' || spending_score)
            over (partition by customer_id, value_problem) as lowest_values,
        max(gender || '|' || age || '|' || annual_income_k || '|' || spending_score)
            over (partition by customer_id, value_problem) as highest_values
    from explained

),

final as (

    select
        row_number,
        customer_id,
        gender,
        age,
        annual_income_k,
        spending_score,
        raw_row,
        case
            when value_problem is not null then value_problem
            when lowest_values <> highest_values or occurrence > 1 then 'duplicate id'
        end as reason,
        case
            when value_problem is not null
                then problem_column || ': found ' || coalesce('''' || nullif(problem_value, '') || '''', 'nothing')
            when lowest_values <> highest_values
                then 'customer_id ''' || customer_id || ''' comes with different values, so no row of it can be trusted'
            when occurrence > 1
                then 'customer_id ''' || customer_id || ''' repeats row ' || first_row_number
        end as explanation
    from compared

)

select * from final
