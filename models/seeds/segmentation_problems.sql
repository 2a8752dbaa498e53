-- One row per problem with the seeds segmentations, dataset_names, segmentation_features, features and trait_levels.
-- Empty if there is none.
{% set transforms = known_transforms() %}
{% set quoted_transforms = "'" ~ transforms | join("', '") ~ "'" %}
with

segmentations as (

    select * from {{ ref('segmentations') }}

),

dataset_names as (

    select * from {{ ref('dataset_names') }}

),

named_segmentations as (

    select
        segmentation,
        {{ display_name('display_name', 'segmentation') }} as display_name
    from segmentations

),

segmentation_features as (

    select * from {{ ref('segmentation_features') }}

),

features as (

    select * from {{ ref('features') }}

),

named_datasets as (

    select
        datasets.dataset,
        {{ display_name('dataset_names.display_name', 'datasets.dataset') }} as display_name
    from (select distinct features.dataset from features) as datasets
    left join dataset_names
        on datasets.dataset = dataset_names.dataset

),

trait_levels as (

    select * from {{ ref('trait_levels') }}

),

problems as (

    -- its name can be part of SQL names
    {{ problem(
        'segmentations', ['segmentation'], 'segmentation',
        "segmentation",
        "'lower-case letters, digits and underscores, a letter first'",
        "Rename the segmentation in all seeds."
    ) }}
    from segmentations
    where not {{ is_name('segmentation') }}

    union all

    -- people tell it from the others by its display name
    {{ problem(
        'segmentations', ['display_name'], 'segmentation',
        dbt.listagg('segmentation', "', '", 'order by segmentation'),
        "'one segmentation of this name'",
        "Rename the others; without a display name, a segmentation is shown by the words of its key."
    ) }}
    from named_segmentations
    group by display_name
    having count(*) > 1

    union all

    -- and a dataset
    {{ problem(
        'dataset_names', ['display_name'], 'dataset',
        dbt.listagg('dataset', "', '", 'order by dataset'),
        "'one dataset of this name'",
        "Rename the others; without a display name, a dataset is shown by the words of its key."
    ) }}
    from named_datasets
    group by display_name
    having count(*) > 1

    union all

    -- dataset_names names a dataset that exists
    {{ problem(
        'dataset_names', ['display_name'], 'dataset',
        "dataset",
        "'one of ' || " ~ list_of('dataset', 'features'),
        "Correct the name, or delete the row."
    ) }}
    from dataset_names
    where dataset not in (select features.dataset from features)

    union all

    -- its dataset has features
    {{ problem(
        'segmentations', ['segmentation'], 'dataset',
        "dataset",
        "'one of ' || " ~ list_of('dataset', 'features'),
        "Correct the name, or describe the features of a new dataset in seeds/judgement/features.csv."
    ) }}
    from segmentations
    where dataset not in (select features.dataset from features)

    union all

    -- so does the range of k to compare
    {{ problem(
        'segmentations', ['segmentation'], 'k_min',
        "k_min || ' to ' || k_max", "'2 or more, and no more than k_max'", "Change k_min or k_max."
    ) }}
    from segmentations
    where k_min < 2 or k_min > k_max

    union all

    -- and does not exceed the useful maximum
    {{ problem(
        'segmentations', ['segmentation'], 'k_max',
        "cast(k_max as string)",
        "'at most ' || " ~ var('largest_k_compared'),
        "Lower k_max, or raise the var largest_k_compared in dbt_project.yml; the build then takes longer."
    ) }}
    from segmentations
    where k_max > {{ var('largest_k_compared') }}

    union all

    -- a start at the personas needs their number
    {{ problem(
        'segmentations', ['segmentation'], 'k',
        "'auto, with the start personas'",
        "'the number of personas'",
        "Give the number, or start with best_of_starts."
    ) }}
    from segmentations
    where k is null and initialisation = 'personas'

    union all

    -- its scaling is known
    {{ problem(
        'segmentations', ['segmentation'], 'scaling',
        "scaling", "'standard, min_max or none'", "Correct the word."
    ) }}
    from segmentations
    where scaling not in ('standard', 'min_max', 'none')

    union all

    -- its start is known
    {{ problem(
        'segmentations', ['segmentation'], 'initialisation',
        "initialisation", "'best_of_starts or personas'", "Correct the word."
    ) }}
    from segmentations
    where initialisation not in ('best_of_starts', 'personas')

    union all

    -- what happens to its model is known
    {{ problem(
        'segmentations', ['segmentation'], 'refit',
        "refit", "'always, when_drifted or never'", "Correct the word."
    ) }}
    from segmentations
    where refit not in ('always', 'when_drifted', 'never')

    union all

    -- the limit of a new fit is a share
    {{ problem(
        'segmentations', ['segmentation'], 'move_limit',
        "cast(move_limit as string)", "'a share of customers from 0 to 1'", "Correct the number."
    ) }}
    from segmentations
    where move_limit < 0 or move_limit > 1

    union all

    -- each dataset has one default segmentation
    {{ problem(
        'segmentations', ['dataset'], 'is_default',
        "count(case when is_default then 1 end) || ' defaults'",
        "'one'",
        "Set is_default to true for one segmentation of the dataset."
    ) }}
    from segmentations
    group by dataset
    having count(case when is_default then 1 end) <> 1

    union all

    -- a segmentation has features, numbered from 1
    {{ problem(
        'segmentation_features', ['segmentations.segmentation'], 'position',
        "count(segmentation_features.position) || ' features, positions up to ' || "
        ~ "coalesce(max(segmentation_features.position), 0)",
        "'at least one feature and the positions 1, 2, 3, ...'",
        "Add the features, or number them without gaps."
    ) }}
    from segmentations
    left join segmentation_features
        on segmentations.segmentation = segmentation_features.segmentation
    group by segmentations.segmentation
    having
        count(segmentation_features.position) = 0
        or count(distinct segmentation_features.position) <> count(segmentation_features.position)
        or min(segmentation_features.position) <> 1
        or max(segmentation_features.position) <> count(segmentation_features.position)
        or count(distinct segmentation_features.feature) <> count(segmentation_features.feature)

    union all

    -- segmentation_features names a segmentation that exists
    {{ problem(
        'segmentation_features', ['feature'], 'segmentation',
        "segmentation",
        "'one of ' || " ~ list_of('segmentation', 'segmentations'),
        "Correct the name, or define the segmentation in seeds/judgement/segmentations.csv."
    ) }}
    from segmentation_features
    where segmentation not in (select segmentations.segmentation from segmentations)

    union all

    -- segmentation_features names a feature of the dataset
    {{ problem(
        'segmentation_features', ['segmentation_features.segmentation'], 'feature',
        "segmentation_features.feature",
        "'a feature of ' || segmentations.dataset || ' listed in seeds/judgement/features.csv'",
        "Correct the name, or describe the feature there."
    ) }}
    from segmentation_features
    inner join segmentations
        on segmentation_features.segmentation = segmentations.segmentation
    left join features
        on segmentations.dataset = features.dataset and segmentation_features.feature = features.feature
    where features.feature is null

    union all

    -- the transform is known
    {{ problem(
        'segmentation_features', ['segmentation', 'feature'], 'transform',
        "transform", "'" ~ transforms | join(' or ') ~ "'", "Correct the word."
    ) }}
    from segmentation_features
    where transform not in ({{ quoted_transforms }})

    union all

    -- weights are positive
    {{ problem(
        'segmentation_features', ['segmentation', 'feature'], 'weight',
        "cast(weight as string)", "'a number above 0 and at most 1000'", "Change the weight, or remove the feature."
    ) }}
    from segmentation_features
    where weight <= 0 or weight > 1000

    union all

    -- the valid range of a feature is a range
    {{ problem(
        'features', ['dataset', 'feature'], 'valid_minimum',
        "valid_minimum || ' to ' || valid_maximum", "'a minimum below the maximum'", "Correct the limits."
    ) }}
    from features
    where valid_minimum >= valid_maximum

    union all

    -- the name of a level can be part of SQL names
    {{ problem(
        'trait_levels', ['level'], 'level',
        "level",
        "'lower-case letters, digits and underscores, a letter first'",
        "Rename the level here and in seeds/judgement/persona_traits.csv."
    ) }}
    from trait_levels
    where not {{ is_name('level') }}

    union all

    -- quantiles are shares, in order
    {{ problem(
        'trait_levels', ['level'], 'typical_quantile',
        "lowest_quantile || ', ' || typical_quantile || ', ' || highest_quantile",
        "'lowest, typical and highest quantile from 0 to 1, in this order'",
        "Correct the quantiles."
    ) }}
    from trait_levels
    where
        lowest_quantile < 0
        or typical_quantile < lowest_quantile
        or highest_quantile < typical_quantile
        or highest_quantile > 1

    union all

    -- the level medium exists: descriptions of segments say whether a value lies below or above it
    {{ problem(
        'trait_levels', 'the whole file', 'level',
        "count(*) || ' of them'", "'a row for medium with limits on both sides'", "Add the missing level."
    ) }}
    from trait_levels
    where level = 'medium' and lowest_quantile > 0 and highest_quantile < 1
    having count(*) <> 1

)

select * from problems
