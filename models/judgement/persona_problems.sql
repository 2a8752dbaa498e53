-- One row per problem with the seeds persona_definitions and persona_traits.
-- None if all is well.
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

persona_definitions as (

    select * from {{ ref('persona_definitions') }}

),

persona_traits as (

    select * from {{ ref('persona_traits') }}

),

described as (

    select
        segmentations.segmentation,
        (
            select count(*) from persona_definitions
            where persona_definitions.segmentation = segmentations.segmentation
        ) as personas,
        (
            select count(*) from persona_traits
            where persona_traits.segmentation = segmentations.segmentation
        ) as traits,
        (
            select count(*) from segmentation_features
            where segmentation_features.segmentation = segmentations.segmentation
        ) as features
    from segmentations

),

problems as (

    -- persona_definitions names a segmentation that exists
    select
        'seeds/judgement/persona_definitions.csv' as file,
        'persona ' || persona as row_key,
        'segmentation' as column_name,
        segmentation as found,
        'one of ' || {{ list_of('segmentation', 'segmentations') }} as expected,
        'Correct the name, or define the segmentation in seeds/judgement/segmentations.csv.' as way_out
    from persona_definitions
    where segmentation not in (select segmentations.segmentation from segmentations)

    union all

    -- persona_traits names a segmentation that exists
    select
        'seeds/judgement/persona_traits.csv' as file,
        'persona ' || persona as row_key,
        'segmentation' as column_name,
        segmentation as found,
        'one of ' || {{ list_of('segmentation', 'segmentations') }} as expected,
        'Correct the name, or define the segmentation in seeds/judgement/segmentations.csv.' as way_out
    from persona_traits
    where segmentation not in (select segmentations.segmentation from segmentations)

    union all

    -- a persona is defined once, under a name of its own
    select
        'seeds/judgement/persona_definitions.csv' as file,
        'segmentation ' || segmentation as row_key,
        'persona' as column_name,
        count(*) || ' personas with ' || count(distinct persona) || ' ids, ' || count(distinct display_name)
        || ' display names and ' || count(distinct priority) || ' priorities' as found,
        'as many of each as there are personas' as expected,
        'Rename or renumber the repeated ones.' as way_out
    from persona_definitions
    group by segmentation
    having
        count(distinct persona) < count(*)
        or count(distinct display_name) < count(*)
        or count(distinct priority) < count(*)

    union all

    -- persona_traits names a persona that exists
    select
        'seeds/judgement/persona_traits.csv' as file,
        'segmentation ' || persona_traits.segmentation as row_key,
        'persona' as column_name,
        persona_traits.persona as found,
        'a persona of this segmentation in seeds/judgement/persona_definitions.csv' as expected,
        'Correct the name, or define the persona there.' as way_out
    from persona_traits
    left join persona_definitions
        on
            persona_traits.segmentation = persona_definitions.segmentation
            and persona_traits.persona = persona_definitions.persona
    where persona_definitions.persona is null

    union all

    -- a trait is about a feature of its segmentation
    select
        'seeds/judgement/persona_traits.csv' as file,
        'segmentation ' || persona_traits.segmentation || ', persona ' || persona_traits.persona as row_key,
        'feature' as column_name,
        persona_traits.feature as found,
        'a feature of the segmentation in seeds/judgement/segmentation_features.csv' as expected,
        'Correct the name, add the feature to the segmentation, or remove the trait.' as way_out
    from persona_traits
    left join segmentation_features
        on
            persona_traits.segmentation = segmentation_features.segmentation
            and persona_traits.feature = segmentation_features.feature
    where segmentation_features.feature is null

    union all

    -- a trait is a level or a figure
    select
        'seeds/judgement/persona_traits.csv' as file,
        'segmentation ' || segmentation || ', persona ' || persona || ', feature ' || feature as row_key,
        'level' as column_name,
        coalesce(level, 'no level') || ' and ' || coalesce(cast(value as string), 'no value') as found,
        'either a level or a value' as expected,
        'Fill one of the two columns.' as way_out
    from persona_traits
    where (level is null and value is null) or (level is not null and value is not null)

    union all

    -- its level is known
    select
        'seeds/judgement/persona_traits.csv' as file,
        'segmentation ' || segmentation || ', persona ' || persona || ', feature ' || feature as row_key,
        'level' as column_name,
        level as found,
        'one of ' || {{ list_of('level', 'trait_levels') }} as expected,
        'Correct the word, or define the level in seeds/judgement/trait_levels.csv.' as way_out
    from persona_traits
    where level is not null and level not in (select trait_levels.level from trait_levels)

    union all

    -- its weight is positive
    select
        'seeds/judgement/persona_traits.csv' as file,
        'segmentation ' || segmentation || ', persona ' || persona || ', feature ' || feature as row_key,
        'weight' as column_name,
        cast(weight as string) as found,
        'a number above 0 and at most 1000' as expected,
        'Change the weight, or remove the trait.' as way_out
    from persona_traits
    where weight <= 0 or weight > 1000

    union all

    -- a figure is one that a customer can have
    select
        'seeds/judgement/persona_traits.csv' as file,
        'segmentation ' || persona_traits.segmentation || ', persona ' || persona_traits.persona || ', feature '
        || persona_traits.feature as row_key,
        'value' as column_name,
        cast(persona_traits.value as string) as found,
        'a value from ' || features.valid_minimum || ' to ' || features.valid_maximum as expected,
        'Correct the value, or the valid range in seeds/judgement/features.csv.' as way_out
    from persona_traits
    inner join segmentations on persona_traits.segmentation = segmentations.segmentation
    inner join features
        on segmentations.dataset = features.dataset and persona_traits.feature = features.feature
    where persona_traits.value < features.valid_minimum or persona_traits.value > features.valid_maximum

    union all

    -- a persona has traits, or no cluster could be matched to it
    select
        'seeds/judgement/persona_traits.csv' as file,
        'segmentation ' || persona_definitions.segmentation as row_key,
        'persona' as column_name,
        'no trait of ' || persona_definitions.persona as found,
        'at least one trait per persona' as expected,
        'Add its traits, or remove the persona from seeds/judgement/persona_definitions.csv.' as way_out
    from persona_definitions
    left join persona_traits
        on
            persona_definitions.segmentation = persona_traits.segmentation
            and persona_definitions.persona = persona_traits.persona
    where persona_traits.persona is null

    union all

    -- a start at the personas needs one persona per cluster, each with a trait for every feature
    select
        'seeds/judgement/segmentations.csv' as file,
        'segmentation ' || segmentations.segmentation as row_key,
        'initialisation' as column_name,
        'personas, with ' || coalesce(described.personas, 0) || ' personas and '
        || coalesce(described.traits, 0) || ' traits' as found,
        segmentations.k || ' personas (k) with one trait for each of the ' || described.features
        || ' features' as expected,
        'Complete the personas and traits, change k, or use best_of_starts.' as way_out
    from segmentations
    inner join described on segmentations.segmentation = described.segmentation
    where
        segmentations.initialisation = 'personas'
        and (described.personas <> segmentations.k or described.traits <> described.personas * described.features)

)

select * from problems
