-- One row per problem with the seeds of the RFM reading.
-- None if all is well.
{% set measures = ['recency', 'frequency', 'monetary'] %}
{% set scores = [1, 2, 3, 4, 5] %}
with

rfm_measures as (

    select * from {{ ref('rfm_measures') }}

),

rfm_limits as (

    select * from {{ ref('rfm_limits') }}

),

rfm_group_definitions as (

    select * from {{ ref('rfm_group_definitions') }}

),

rfm_grid as (

    select * from {{ ref('rfm_grid') }}

),

wanted_cells as (

    {% for recency_score in scores %}
    {% set last_row = loop.last %}
    {% for value_score in scores %}
    select {{ recency_score }} as recency_score, {{ value_score }} as value_score
    {{ 'union all' if not (last_row and loop.last) }}
    {% endfor %}
    {% endfor %}

),

problems as (

    -- each dataset that is read so has the three measures, once each
    select
        'seeds/judgement/rfm_measures.csv' as file,
        'dataset ' || dataset as row_key,
        'measure' as column_name,
        {{ dbt.listagg('measure', "', '", 'order by measure') }} as found,
        '{{ measures | sort | join(', ') }}, once each' as expected,
        'Correct the words, or delete all rows of the dataset to leave it without RFM.' as way_out
    from rfm_measures
    group by dataset
    having {{ dbt.listagg('measure', "', '", 'order by measure') }} <> '{{ measures | sort | join(', ') }}'

    union all

    -- a measure is a feature
    select
        'seeds/judgement/rfm_measures.csv' as file,
        'dataset ' || rfm_measures.dataset || ', measure ' || rfm_measures.measure as row_key,
        'feature' as column_name,
        rfm_measures.feature as found,
        'a feature of this dataset in seeds/judgement/features.csv' as expected,
        'Correct the name, or describe the feature there.' as way_out
    from rfm_measures
    left join {{ ref('features') }} as features
        on rfm_measures.dataset = features.dataset and rfm_measures.feature = features.feature
    where features.feature is null

    union all

    -- limits belong to a measure, and the last score of each has none
    select
        'seeds/judgement/rfm_limits.csv' as file,
        'dataset ' || rfm_limits.dataset || ', measure ' || rfm_limits.measure as row_key,
        'score' as column_name,
        cast(rfm_limits.score as string) || ' (' || count(*) || ' rows)' as found,
        'one row for each of 5, 4, 3, 2 (recency) or 1, 2, 3, 4 of a measure in rfm_measures' as expected,
        'Correct the row, or delete it: a score without row ends at its quintile.' as way_out
    from rfm_limits
    left join rfm_measures
        on rfm_limits.dataset = rfm_measures.dataset and rfm_limits.measure = rfm_measures.measure
    group by rfm_limits.dataset, rfm_limits.measure, rfm_limits.score, rfm_measures.measure
    having
        count(*) > 1
        or rfm_measures.measure is null
        or rfm_limits.score not between 1 and 5
        or rfm_limits.score = case when rfm_limits.measure = 'recency' then 1 else 5 end

    union all

    -- limits grow along the scores
    select
        'seeds/judgement/rfm_limits.csv' as file,
        'dataset ' || lower_limits.dataset || ', measure ' || lower_limits.measure as row_key,
        'up_to' as column_name,
        lower_limits.up_to || ' for score ' || lower_limits.score || ' and ' || higher_limits.up_to || ' for score '
        || higher_limits.score as found,
        'limits that grow from score to score' as expected,
        'Correct the limits; recency counts from score 5 down.' as way_out
    from rfm_limits as lower_limits
    inner join rfm_limits as higher_limits
        on lower_limits.dataset = higher_limits.dataset and lower_limits.measure = higher_limits.measure
    where
        lower_limits.up_to >= higher_limits.up_to
        and case
            when lower_limits.measure = 'recency' then lower_limits.score > higher_limits.score
            else lower_limits.score < higher_limits.score
        end

    union all

    -- every cell of the grid leads to one group
    select
        'seeds/judgement/rfm_grid.csv' as file,
        'recency_score ' || wanted_cells.recency_score || ', value_score ' || wanted_cells.value_score as row_key,
        'rfm_group' as column_name,
        count(rfm_grid.rfm_group) || ' rows' as found,
        'one row' as expected,
        'Add the cell, or delete the repeated row.' as way_out
    from wanted_cells
    left join rfm_grid
        on
            wanted_cells.recency_score = rfm_grid.recency_score
            and wanted_cells.value_score = rfm_grid.value_score
    group by wanted_cells.recency_score, wanted_cells.value_score
    having count(rfm_grid.rfm_group) <> 1

    union all

    -- the grid names groups that exist
    select
        'seeds/judgement/rfm_grid.csv' as file,
        'recency_score ' || recency_score || ', value_score ' || value_score as row_key,
        'rfm_group' as column_name,
        rfm_group as found,
        'one of ' || {{ list_of('rfm_group', 'rfm_group_definitions') }} as expected,
        'Correct the name, or define the group in seeds/judgement/rfm_group_definitions.csv.' as way_out
    from rfm_grid
    where rfm_group not in (select rfm_group_definitions.rfm_group from rfm_group_definitions)

    union all

    -- customers without purchases have a group
    select
        'seeds/judgement/rfm_group_definitions.csv' as file,
        'rfm_group no_purchase' as row_key,
        'rfm_group' as column_name,
        sum(case when rfm_group = 'no_purchase' then 1 else 0 end) || ' rows' as found,
        'one row for the customers who have bought nothing' as expected,
        'Add the row.' as way_out
    from rfm_group_definitions
    having sum(case when rfm_group = 'no_purchase' then 1 else 0 end) <> 1

    union all

    -- a group has a name of its own
    select
        'seeds/judgement/rfm_group_definitions.csv' as file,
        'display_name ' || display_name as row_key,
        'rfm_group' as column_name,
        {{ dbt.listagg('rfm_group', "', '", 'order by rfm_group') }} as found,
        'one group of this name' as expected,
        'Rename or delete the others.' as way_out
    from rfm_group_definitions
    group by display_name
    having count(*) > 1

)

select * from problems
