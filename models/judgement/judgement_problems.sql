-- One row per contradiction between the judgement seeds, or between them and the data; empty if there is none.
with

problems as (

    select * from {{ ref('seed_problems') }}
    union all
    select * from {{ ref('population_problems') }}
    union all
    select * from {{ ref('experiment_changes') }}

),

final as (

    select distinct
        file,
        row_key,
        column_name,
        coalesce(found, 'nothing') as found,
        expected,
        way_out,
        file || ', ' || row_key || ', column ' || column_name || ': found ' || coalesce(found, 'nothing')
        || ', expected ' || expected || '. ' || way_out as message
    from problems

)

select * from final
