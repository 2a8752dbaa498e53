-- One row per problem with the seeds for RFM.
-- Empty if there is none.
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
    select
        {{ recency_score }} as recency_score,
        {{ value_score }} as value_score
    {{ 'union all' if not (last_row and loop.last) }}
    {% endfor %}
    {% endfor %}

),

problems as (

    -- each dataset with RFM has the three measures, once each
    {{ problem(
        'rfm_measures', ['dataset'], 'measure',
        dbt.listagg('measure', "', '", 'order by measure'),
        "'" ~ measures | sort | join(', ') ~ ", once each'",
        "Correct the words, or delete all rows of the dataset to leave it without RFM."
    ) }}
    from rfm_measures
    group by dataset
    having {{ dbt.listagg('measure', "', '", 'order by measure') }} <> '{{ measures | sort | join(', ') }}'

    union all

    -- a measure is a feature
    {{ problem(
        'rfm_measures', ['rfm_measures.dataset', 'rfm_measures.measure'], 'feature',
        "rfm_measures.feature",
        "'a feature of this dataset in seeds/judgement/features.csv'",
        "Correct the name, or describe the feature there."
    ) }}
    from rfm_measures
    left join {{ ref('features') }} as features
        on rfm_measures.dataset = features.dataset and rfm_measures.feature = features.feature
    where features.feature is null

    union all

    -- limits belong to a measure, and the last score of each has none
    {{ problem(
        'rfm_limits', ['rfm_limits.dataset', 'rfm_limits.measure'], 'score',
        "cast(rfm_limits.score as string) || ' (' || count(*) || ' rows)'",
        "'one row for each of 5, 4, 3, 2 (recency) or 1, 2, 3, 4 of a measure in rfm_measures'",
        "Correct the row, or delete it: a score without a row ends at its quintile."
    ) }}
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

    -- limits increase from score to score
    {{ problem(
        'rfm_limits', ['lower_limits.dataset', 'lower_limits.measure'], 'up_to',
        "lower_limits.up_to || ' for score ' || lower_limits.score || ' and ' || higher_limits.up_to || "
        ~ "' for score ' || higher_limits.score",
        "'limits that grow from score to score'",
        "Correct the limits; recency counts from score 5 down."
    ) }}
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
    {{ problem(
        'rfm_grid', ['wanted_cells.recency_score', 'wanted_cells.value_score'], 'rfm_group',
        "count(rfm_grid.rfm_group) || ' rows'", "'one row'", "Add the cell, or delete the repeated row."
    ) }}
    from wanted_cells
    left join rfm_grid
        on
            wanted_cells.recency_score = rfm_grid.recency_score
            and wanted_cells.value_score = rfm_grid.value_score
    group by wanted_cells.recency_score, wanted_cells.value_score
    having count(rfm_grid.rfm_group) <> 1

    union all

    -- the grid names groups that exist
    {{ problem(
        'rfm_grid', ['recency_score', 'value_score'], 'rfm_group',
        "rfm_group",
        "'one of ' || " ~ list_of('rfm_group', 'rfm_group_definitions'),
        "Correct the name, or define the group in seeds/judgement/rfm_group_definitions.csv."
    ) }}
    from rfm_grid
    where rfm_group not in (select rfm_group_definitions.rfm_group from rfm_group_definitions)

    union all

    -- customers without purchases have a group
    {{ problem(
        'rfm_group_definitions', 'rfm_group no_purchase', 'rfm_group',
        "sum(case when rfm_group = 'no_purchase' then 1 else 0 end) || ' rows'",
        "'one row for the customers who have bought nothing'",
        "Add the row."
    ) }}
    from rfm_group_definitions
    having sum(case when rfm_group = 'no_purchase' then 1 else 0 end) <> 1

    union all

    -- a group has a unique name
    {{ problem(
        'rfm_group_definitions', ['display_name'], 'rfm_group',
        dbt.listagg('rfm_group', "', '", 'order by rfm_group'),
        "'one group of this name'",
        "Rename or delete the others."
    ) }}
    from rfm_group_definitions
    group by display_name
    having count(*) > 1

)

select * from problems
