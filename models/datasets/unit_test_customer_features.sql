-- Placeholder for the feature mart of any dataset in unit tests of models that work for all datasets; never built.
{{ config(materialized='ephemeral') }}
select
    cast(null as {{ dbt.type_string() }}) as customer_id,
    cast(null as {{ dbt.type_string() }}) as gender,
    cast(null as double) as age,
    cast(null as double) as annual_income_k,
    cast(null as double) as spending_score
where false
