{#
    A query for everything in which a table differs from the Mall Customers data as published, whatever the order of its
    rows: figure, found, expected. The fingerprint covers every value; the other figures say where to look.
    Example: select * from ({{ mall_data_differences(ref('mall_customers')) }}) as differences
#}
{% macro mall_data_differences(model) %}
    {% set id, gender, age = adapter.quote('CustomerID'), adapter.quote('Gender'), adapter.quote('Age') %}
    {% set income, score = adapter.quote('Annual Income (k$)'), adapter.quote('Spending Score (1-100)') %}
    {% set row = id ~ " || ',' || " ~ gender ~ " || ',' || " ~ age ~ " || ',' || " ~ income ~ " || ',' || " ~ score %}
    {% set expected = {
        'customers': ['count(*)', '200'],
        'different ids': ['count(distinct ' ~ id ~ ')', '200'],
        'highest id': ['max(try_cast(' ~ id ~ ' as int))', '200'],
        'women': ['sum(case when ' ~ gender ~ " = 'Female' then 1 else 0 end)", '112'],
        'men': ['sum(case when ' ~ gender ~ " = 'Male' then 1 else 0 end)", '88'],
        'sum of ages': ['sum(try_cast(' ~ age ~ ' as int))', '7770'],
        'sum of incomes': ['sum(try_cast(' ~ income ~ ' as int))', '12112'],
        'sum of scores': ['sum(try_cast(' ~ score ~ ' as int))', '10040'],
        'fingerprint': [
            'md5(' ~ dbt.listagg(row, "';'", 'order by try_cast(' ~ id ~ ' as int)') ~ ')', '0449fc411bf1754ee770c09fcfc2646d'
        ],
    } %}
    select * from (
        {% for figure, (found, wanted) in expected.items() %}
        select '{{ figure }}' as figure, cast({{ found }} as {{ dbt.type_string() }}) as found, '{{ wanted }}' as expected
        from {{ model }}
        {{ 'union all' if not loop.last }}
        {% endfor %}
    ) as figures
    where found is null or found <> expected
{% endmacro %}
