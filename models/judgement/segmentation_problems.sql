-- One row per problem with the seeds segmentations, segmentation_features, features and trait_levels; none if all is well.
{% set transforms = known_transforms() | join(' or ') %}
with

segmentations as (

    select * from {{ ref('segmentations') }}

),

segmentation_features as (

    select * from {{ ref('segmentation_features') }}

),

features as (

    select * from {{ ref('features') }}

),

trait_levels as (

    select * from {{ ref('trait_levels') }}

),

feature_statistics as (

    select * from {{ ref('feature_statistics') }}

),

populations as (

    select dataset, max(customers) as customers
    from feature_statistics
    group by dataset

),

known as (

    select
        (select {{ dbt.listagg('segmentation', "', '", 'order by segmentation') }} from (select distinct segmentation from segmentations) as names) as segmentations,
        (select {{ dbt.listagg('dataset', "', '", 'order by dataset') }} from (select distinct dataset from features) as names) as datasets

),

problems as (

    -- a segmentation is defined once
    select
        {{ judgement_problem(
            'segmentations', "'segmentation ' || segmentation", 'segmentation', "count(*) || ' rows'",
            "'one row'",
            "'Delete the repeated rows.'"
        ) }}
    from segmentations
    group by segmentation
    having count(*) > 1

    union all

    -- its dataset has features
    select
        {{ judgement_problem(
            'segmentations', "'segmentation ' || segmentation", 'dataset', "dataset",
            "'one of ' || known.datasets",
            "'Correct the name, or describe the features of a new dataset in seeds/judgement/features.csv.'"
        ) }}
    from segmentations
    cross join known
    where dataset not in (select features.dataset from features)

    union all

    -- k makes sense for this many customers
    select
        {{ judgement_problem(
            'segmentations', "'segmentation ' || segmentations.segmentation", 'k', "segmentations.k",
            "'a whole number from 2 to ' || coalesce(populations.customers, 0) || ' (the usable customers of ' || segmentations.dataset || ')'",
            "'Change k, or see rejected_rows for customers that could not be used.'"
        ) }}
    from segmentations
    left join populations on segmentations.dataset = populations.dataset
    where segmentations.k < 2 or segmentations.k > coalesce(populations.customers, 0)

    union all

    -- so does the range of k to compare
    select
        {{ judgement_problem(
            'segmentations', "'segmentation ' || segmentation", 'k_min', "k_min || ' to ' || k_max",
            "'2 or more, and no more than k_max'",
            "'Change k_min or k_max.'"
        ) }}
    from segmentations
    where k_min < 2 or k_min > k_max

    union all

    -- its scaling is known
    select
        {{ judgement_problem(
            'segmentations', "'segmentation ' || segmentation", 'scaling', "scaling",
            "'standard, min_max or none'",
            "'Correct the word.'"
        ) }}
    from segmentations
    where scaling not in ('standard', 'min_max', 'none')

    union all

    -- its start is known
    select
        {{ judgement_problem(
            'segmentations', "'segmentation ' || segmentation", 'initialisation', "initialisation",
            "'best_of_starts or personas'",
            "'Correct the word.'"
        ) }}
    from segmentations
    where initialisation not in ('best_of_starts', 'personas')

    union all

    -- each dataset has one default segmentation
    select
        {{ judgement_problem(
            'segmentations', "'dataset ' || dataset", 'is_default', "count(case when is_default then 1 end) || ' defaults'",
            "'one'",
            "'Set is_default to true for one segmentation of the dataset.'"
        ) }}
    from segmentations
    group by dataset
    having count(case when is_default then 1 end) <> 1

    union all

    -- a segmentation has features, numbered from 1
    select
        {{ judgement_problem(
            'segmentation_features', "'segmentation ' || segmentations.segmentation", 'position', "count(segmentation_features.position) || ' features, positions up to ' || coalesce(max(segmentation_features.position), 0)",
            "'at least one feature and the positions 1, 2, 3, ...'",
            "'Add the features, or number them without gaps.'"
        ) }}
    from segmentations
    left join segmentation_features
        on segmentations.segmentation = segmentation_features.segmentation
    group by segmentations.segmentation
    having
        count(segmentation_features.position) = 0
        or count(distinct segmentation_features.position) <> count(segmentation_features.position)
        or max(segmentation_features.position) <> count(segmentation_features.position)
        or count(distinct segmentation_features.feature) <> count(segmentation_features.feature)

    union all

    -- segmentation_features names a segmentation that exists
    select
        {{ judgement_problem(
            'segmentation_features', "'feature ' || feature", 'segmentation', "segmentation",
            "'one of ' || known.segmentations",
            "'Correct the name, or define the segmentation in seeds/judgement/segmentations.csv.'"
        ) }}
    from segmentation_features
    cross join known
    where segmentation not in (select segmentations.segmentation from segmentations)

    union all

    -- segmentation_features names a feature of the dataset
    select
        {{ judgement_problem(
            'segmentation_features', "'segmentation ' || segmentation_features.segmentation", 'feature', "segmentation_features.feature",
            "'a feature of ' || segmentations.dataset || ' listed in seeds/judgement/features.csv'",
            "'Correct the name, or describe the feature there.'"
        ) }}
    from segmentation_features
    inner join segmentations
        on segmentation_features.segmentation = segmentations.segmentation
    left join features
        on segmentations.dataset = features.dataset and segmentation_features.feature = features.feature
    where features.feature is null

    union all

    -- a feature differs between customers
    select
        {{ judgement_problem(
            'segmentation_features', "'segmentation ' || segmentation_features.segmentation", 'feature', "segmentation_features.feature || ' = ' || feature_statistics.minimum || ' for every customer'",
            "'a feature that differs between customers'",
            "'Remove the feature from this segmentation, or check the input: a constant cannot tell customers apart.'"
        ) }}
    from segmentation_features
    inner join segmentations
        on segmentation_features.segmentation = segmentations.segmentation
    inner join feature_statistics
        on
            segmentations.dataset = feature_statistics.dataset
            and segmentation_features.feature = feature_statistics.feature
    where feature_statistics.minimum = feature_statistics.maximum

    union all

    -- the transform is known
    select
        {{ judgement_problem(
            'segmentation_features', "'segmentation ' || segmentation || ', feature ' || feature", 'transform', "transform",
            "'" ~ transforms ~ "'",
            "'Correct the word.'"
        ) }}
    from segmentation_features
    where transform not in ('{{ known_transforms() | join("', '") }}')

    union all

    -- a logarithm needs values above -1
    select
        {{ judgement_problem(
            'segmentation_features', "'segmentation ' || segmentation_features.segmentation || ', feature ' || segmentation_features.feature", 'transform', "'log with a smallest value of ' || feature_statistics.minimum",
            "'values above -1, because log means ln(1 + x)'",
            "'Use the transform none.'"
        ) }}
    from segmentation_features
    inner join segmentations
        on segmentation_features.segmentation = segmentations.segmentation
    inner join feature_statistics
        on
            segmentations.dataset = feature_statistics.dataset
            and segmentation_features.feature = feature_statistics.feature
    where segmentation_features.transform = 'log' and feature_statistics.minimum <= -1

    union all

    -- weights are positive
    select
        {{ judgement_problem(
            'segmentation_features', "'segmentation ' || segmentation || ', feature ' || feature", 'weight', "weight",
            "'a number above 0'",
            "'Change the weight, or remove the feature.'"
        ) }}
    from segmentation_features
    where weight <= 0

    union all

    -- the valid range of a feature is a range
    select
        {{ judgement_problem(
            'features', "'dataset ' || dataset || ', feature ' || feature", 'valid_minimum', "valid_minimum || ' to ' || valid_maximum",
            "'a minimum below the maximum'",
            "'Correct the limits.'"
        ) }}
    from features
    where valid_minimum >= valid_maximum

    union all

    -- quantiles are shares, in order
    select
        {{ judgement_problem(
            'trait_levels', "'level ' || level", 'typical_quantile', "lowest_quantile || ', ' || typical_quantile || ', ' || highest_quantile",
            "'lowest, typical and highest quantile from 0 to 1, in this order'",
            "'Correct the quantiles.'"
        ) }}
    from trait_levels
    where
        lowest_quantile < 0
        or typical_quantile < lowest_quantile
        or highest_quantile < typical_quantile
        or highest_quantile > 1

    union all

    -- the level medium exists: descriptions of segments say what lies below and above it
    select
        {{ judgement_problem(
            'trait_levels', "'the whole file'", 'level', "count(*) || ' of them'",
            "'a row for medium with limits on both sides'",
            "'Add the missing level.'"
        ) }}
    from trait_levels
    where level = 'medium' and lowest_quantile > 0 and highest_quantile < 1
    having count(*) <> 1

)

select * from problems
