-- One row per expectation of the quality suites, with the dataset that it is about and the day that it refers to.
with

final as (

    select
        results.suite,
        results.position,
        results.relation,
        datasets.dataset,
        results.severity,
        results.expectation,
        datasets.as_of_date,
        results.success
    from {{ ref('data_quality_results') }} as results
    -- tables that span datasets belong to none
    left join {{ ref('datasets') }} as datasets
        on
            results.relation = datasets.dataset || '_customer_features'
            or results.relation like 'stg!_' || datasets.dataset || '!_!_%' escape '!'

)

select * from final
