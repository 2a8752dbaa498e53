{#
    Fails if a table is not the Mall Customers data set as published: 200 rows, ids 1 to 200, 112 women and 88 men, and the
    known sums of age, income and score. One in four public files of that name is something else.
    Returns each figure that differs, with what was found and what was expected.
#}
{% test is_published_mall_data(model) %}
{% set expected = {
    'customers': 200, 'ids': 200, 'lowest_id': 1, 'highest_id': 200, 'women': 112, 'men': 88,
    'age': 7770, 'income': 12112, 'score': 10040,
} %}
with fingerprint as (

    select
        count(*) as customers,
        count(distinct try_cast({{ adapter.quote('CustomerID') }} as int)) as ids,
        min(try_cast({{ adapter.quote('CustomerID') }} as int)) as lowest_id,
        max(try_cast({{ adapter.quote('CustomerID') }} as int)) as highest_id,
        sum(case when {{ adapter.quote('Gender') }} = 'Female' then 1 else 0 end) as women,
        sum(case when {{ adapter.quote('Gender') }} = 'Male' then 1 else 0 end) as men,
        sum(try_cast({{ adapter.quote('Age') }} as double)) as age,
        sum(try_cast({{ adapter.quote('Annual Income (k$)') }} as double)) as income,
        sum(try_cast({{ adapter.quote('Spending Score (1-100)') }} as double)) as score
    from {{ model }}

),

figures as (

    {% for figure, value in expected.items() %}
    select '{{ figure }}' as figure, cast({{ figure }} as double) as found, {{ value }} as expected from fingerprint
    {{ 'union all' if not loop.last }}
    {% endfor %}

)

select * from figures
where found is null or found <> expected
{% endtest %}
