-- One row per figure in which the input differs from the Mall Customers data as published: one in four public files
-- with that name contains other data. The fingerprint covers every value; the other figures show where to look.
{% set expected = {
    'customers': ['count(*)', '200'],
    'different ids': ['count(distinct customer_id)', '200'],
    'highest id': ['max(try_cast(customer_id as int))', '200'],
    'women': ["count(*) filter (where gender = 'female')", '112'],
    'men': ["count(*) filter (where gender = 'male')", '88'],
    'sum of ages': ['cast(sum(age) as int)', '7770'],
    'sum of incomes': ['cast(sum(annual_income_k) as int)', '12112'],
    'sum of scores': ['cast(sum(spending_score) as int)', '10040'],
    'fingerprint': [
        'md5(' ~ dbt.listagg(
            "customer_id || ',' || gender || ',' || cast(age as int) || ',' || cast(annual_income_k as int) || ',' "
            ~ "|| cast(spending_score as int)", "';'", 'order by try_cast(customer_id as int)'
        ) ~ ')', '626a0ad9cc932063e9be126a522e2c8c'
    ],
} %}
with

figures as (

    {% for figure, (found, wanted) in expected.items() %}
    select
        '{{ figure }}' as figure,
        cast({{ found }} as {{ dbt.type_string() }}) as found,
        '{{ wanted }}' as expected
    from {{ ref('stg_mall__customers') }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

)

select * from figures
where found is null or found <> expected
