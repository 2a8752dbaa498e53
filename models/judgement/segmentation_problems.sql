-- One row per problem with the seeds segmentations, segmentation_features, features and trait_levels.
-- None if all is well.
{% set transforms = known_transforms() %}
{% set quoted_transforms = "'" ~ transforms | join("', '") ~ "'" %}
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

problems as (

    -- its name can be part of SQL names
    select
        'seeds/judgement/segmentations.csv' as file,
        'segmentation ' || segmentation as row_key,
        'segmentation' as column_name,
        segmentation as found,
        'lower-case letters, digits and underscores, a letter first' as expected,
        'Rename the segmentation in all seeds.' as way_out
    from segmentations
    where not {{ is_name('segmentation') }}

    union all

    -- its dataset has features
    select
        'seeds/judgement/segmentations.csv' as file,
        'segmentation ' || segmentation as row_key,
        'dataset' as column_name,
        dataset as found,
        'one of ' || {{ list_of('dataset', 'features') }} as expected,
        'Correct the name, or describe the features of a new dataset in seeds/judgement/features.csv.' as way_out
    from segmentations
    where dataset not in (select features.dataset from features)

    union all

    -- so does the range of k to compare
    select
        'seeds/judgement/segmentations.csv' as file,
        'segmentation ' || segmentation as row_key,
        'k_min' as column_name,
        k_min || ' to ' || k_max as found,
        '2 or more, and no more than k_max' as expected,
        'Change k_min or k_max.' as way_out
    from segmentations
    where k_min < 2 or k_min > k_max

    union all

    -- and does not ask for more than can be of use
    select
        'seeds/judgement/segmentations.csv' as file,
        'segmentation ' || segmentation as row_key,
        'k_max' as column_name,
        cast(k_max as string) as found,
        'at most ' || {{ var('largest_k_compared') }} as expected,
        'Lower k_max, or raise the var largest_k_compared in dbt_project.yml and be patient.' as way_out
    from segmentations
    where k_max > {{ var('largest_k_compared') }}

    union all

    -- a start at the personas needs their number
    select
        'seeds/judgement/segmentations.csv' as file,
        'segmentation ' || segmentation as row_key,
        'k' as column_name,
        'auto, with the start personas' as found,
        'the number of personas' as expected,
        'Give the number, or start with best_of_starts.' as way_out
    from segmentations
    where k is null and initialisation = 'personas'

    union all

    -- its scaling is known
    select
        'seeds/judgement/segmentations.csv' as file,
        'segmentation ' || segmentation as row_key,
        'scaling' as column_name,
        scaling as found,
        'standard, min_max or none' as expected,
        'Correct the word.' as way_out
    from segmentations
    where scaling not in ('standard', 'min_max', 'none')

    union all

    -- its start is known
    select
        'seeds/judgement/segmentations.csv' as file,
        'segmentation ' || segmentation as row_key,
        'initialisation' as column_name,
        initialisation as found,
        'best_of_starts or personas' as expected,
        'Correct the word.' as way_out
    from segmentations
    where initialisation not in ('best_of_starts', 'personas')

    union all

    -- each dataset has one default segmentation
    select
        'seeds/judgement/segmentations.csv' as file,
        'dataset ' || dataset as row_key,
        'is_default' as column_name,
        count(case when is_default then 1 end) || ' defaults' as found,
        'one' as expected,
        'Set is_default to true for one segmentation of the dataset.' as way_out
    from segmentations
    group by dataset
    having count(case when is_default then 1 end) <> 1

    union all

    -- a segmentation has features, numbered from 1
    select
        'seeds/judgement/segmentation_features.csv' as file,
        'segmentation ' || segmentations.segmentation as row_key,
        'position' as column_name,
        count(segmentation_features.position) || ' features, positions up to '
        || coalesce(max(segmentation_features.position), 0) as found,
        'at least one feature and the positions 1, 2, 3, ...' as expected,
        'Add the features, or number them without gaps.' as way_out
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
    select
        'seeds/judgement/segmentation_features.csv' as file,
        'feature ' || feature as row_key,
        'segmentation' as column_name,
        segmentation as found,
        'one of ' || {{ list_of('segmentation', 'segmentations') }} as expected,
        'Correct the name, or define the segmentation in seeds/judgement/segmentations.csv.' as way_out
    from segmentation_features
    where segmentation not in (select segmentations.segmentation from segmentations)

    union all

    -- segmentation_features names a feature of the dataset
    select
        'seeds/judgement/segmentation_features.csv' as file,
        'segmentation ' || segmentation_features.segmentation as row_key,
        'feature' as column_name,
        segmentation_features.feature as found,
        'a feature of ' || segmentations.dataset || ' listed in seeds/judgement/features.csv' as expected,
        'Correct the name, or describe the feature there.' as way_out
    from segmentation_features
    inner join segmentations
        on segmentation_features.segmentation = segmentations.segmentation
    left join features
        on segmentations.dataset = features.dataset and segmentation_features.feature = features.feature
    where features.feature is null

    union all

    -- the transform is known
    select
        'seeds/judgement/segmentation_features.csv' as file,
        'segmentation ' || segmentation || ', feature ' || feature as row_key,
        'transform' as column_name,
        transform as found,
        '{{ transforms | join(' or ') }}' as expected,
        'Correct the word.' as way_out
    from segmentation_features
    where transform not in ({{ quoted_transforms }})

    union all

    -- weights are positive
    select
        'seeds/judgement/segmentation_features.csv' as file,
        'segmentation ' || segmentation || ', feature ' || feature as row_key,
        'weight' as column_name,
        cast(weight as string) as found,
        'a number above 0 and at most 1000' as expected,
        'Change the weight, or remove the feature.' as way_out
    from segmentation_features
    where weight <= 0 or weight > 1000

    union all

    -- the valid range of a feature is a range
    select
        'seeds/judgement/features.csv' as file,
        'dataset ' || dataset || ', feature ' || feature as row_key,
        'valid_minimum' as column_name,
        valid_minimum || ' to ' || valid_maximum as found,
        'a minimum below the maximum' as expected,
        'Correct the limits.' as way_out
    from features
    where valid_minimum >= valid_maximum

    union all

    -- the name of a level can be part of SQL names
    select
        'seeds/judgement/trait_levels.csv' as file,
        'level ' || level as row_key,
        'level' as column_name,
        level as found,
        'lower-case letters, digits and underscores, a letter first' as expected,
        'Rename the level here and in seeds/judgement/persona_traits.csv.' as way_out
    from trait_levels
    where not {{ is_name('level') }}

    union all

    -- quantiles are shares, in order
    select
        'seeds/judgement/trait_levels.csv' as file,
        'level ' || level as row_key,
        'typical_quantile' as column_name,
        lowest_quantile || ', ' || typical_quantile || ', ' || highest_quantile as found,
        'lowest, typical and highest quantile from 0 to 1, in this order' as expected,
        'Correct the quantiles.' as way_out
    from trait_levels
    where
        lowest_quantile < 0
        or typical_quantile < lowest_quantile
        or highest_quantile < typical_quantile
        or highest_quantile > 1

    union all

    -- the level medium exists: descriptions of segments say what lies below and above it
    select
        'seeds/judgement/trait_levels.csv' as file,
        'the whole file' as row_key,
        'level' as column_name,
        count(*) || ' of them' as found,
        'a row for medium with limits on both sides' as expected,
        'Add the missing level.' as way_out
    from trait_levels
    where level = 'medium' and lowest_quantile > 0 and highest_quantile < 1
    having count(*) <> 1

)

select * from problems
