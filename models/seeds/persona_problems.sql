-- One row per problem with the seeds persona_definitions and persona_traits.
-- Empty if there is none.
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
    {{ problem(
        'persona_definitions', ['persona'], 'segmentation',
        "segmentation",
        "'one of ' || " ~ list_of('segmentation', 'segmentations'),
        "Correct the name, or define the segmentation in seeds/judgement/segmentations.csv."
    ) }}
    from persona_definitions
    where segmentation not in (select segmentations.segmentation from segmentations)

    union all

    -- persona_traits names a segmentation that exists
    {{ problem(
        'persona_traits', ['persona'], 'segmentation',
        "segmentation",
        "'one of ' || " ~ list_of('segmentation', 'segmentations'),
        "Correct the name, or define the segmentation in seeds/judgement/segmentations.csv."
    ) }}
    from persona_traits
    where segmentation not in (select segmentations.segmentation from segmentations)

    union all

    -- a persona is defined once, under a unique name
    {{ problem(
        'persona_definitions', ['segmentation'], 'persona',
        "count(*) || ' personas with ' || count(distinct persona) || ' ids, ' || "
        ~ "count(distinct display_name) || ' display names and ' || count(distinct priority) || ' priorities'",
        "'as many of each as there are personas'",
        "Rename or renumber the repeated ones."
    ) }}
    from persona_definitions
    group by segmentation
    having
        count(distinct persona) < count(*)
        or count(distinct display_name) < count(*)
        or count(distinct priority) < count(*)

    union all

    -- results of experiments have a row of all personas
    {{ problem(
        'persona_definitions', ['segmentation'], 'persona',
        "persona", "'any other name: results of experiments call all personas together so'", "Rename the persona."
    ) }}
    from persona_definitions
    where persona = 'all'

    union all

    -- persona_traits names a persona that exists
    {{ problem(
        'persona_traits', ['persona_traits.segmentation'], 'persona',
        "persona_traits.persona",
        "'a persona of this segmentation in seeds/judgement/persona_definitions.csv'",
        "Correct the name, or define the persona there."
    ) }}
    from persona_traits
    left join persona_definitions
        on
            persona_traits.segmentation = persona_definitions.segmentation
            and persona_traits.persona = persona_definitions.persona
    where persona_definitions.persona is null

    union all

    -- a trait is about a feature of its segmentation
    {{ problem(
        'persona_traits', ['persona_traits.segmentation', 'persona_traits.persona'], 'feature',
        "persona_traits.feature",
        "'a feature of the segmentation in seeds/judgement/segmentation_features.csv'",
        "Correct the name, add the feature to the segmentation, or remove the trait."
    ) }}
    from persona_traits
    left join segmentation_features
        on
            persona_traits.segmentation = segmentation_features.segmentation
            and persona_traits.feature = segmentation_features.feature
    where segmentation_features.feature is null

    union all

    -- a trait is a level or a figure
    {{ problem(
        'persona_traits', ['segmentation', 'persona', 'feature'], 'level',
        "coalesce(level, 'no level') || ' and ' || coalesce(cast(value as string), 'no value')",
        "'either a level or a value'",
        "Fill one of the two columns."
    ) }}
    from persona_traits
    where (level is null and value is null) or (level is not null and value is not null)

    union all

    -- its level is known
    {{ problem(
        'persona_traits', ['segmentation', 'persona', 'feature'], 'level',
        "level",
        "'one of ' || " ~ list_of('level', 'trait_levels'),
        "Correct the word, or define the level in seeds/judgement/trait_levels.csv."
    ) }}
    from persona_traits
    where level is not null and level not in (select trait_levels.level from trait_levels)

    union all

    -- its weight is positive
    {{ problem(
        'persona_traits', ['segmentation', 'persona', 'feature'], 'weight',
        "cast(weight as string)", "'a number above 0 and at most 1000'", "Change the weight, or remove the trait."
    ) }}
    from persona_traits
    where weight <= 0 or weight > 1000

    union all

    -- a figure lies in the valid range of the feature
    {{ problem(
        'persona_traits', ['persona_traits.segmentation', 'persona_traits.persona', 'persona_traits.feature'], 'value',
        "cast(persona_traits.value as string)",
        "'a value from ' || features.valid_minimum || ' to ' || features.valid_maximum",
        "Correct the value, or the valid range in seeds/judgement/features.csv."
    ) }}
    from persona_traits
    inner join segmentations on persona_traits.segmentation = segmentations.segmentation
    inner join features
        on segmentations.dataset = features.dataset and persona_traits.feature = features.feature
    where persona_traits.value < features.valid_minimum or persona_traits.value > features.valid_maximum

    union all

    -- a persona has traits; without them, no cluster could be matched to it
    {{ problem(
        'persona_traits', ['persona_definitions.segmentation'], 'persona',
        "'no trait of ' || persona_definitions.persona",
        "'at least one trait per persona'",
        "Add its traits, or remove the persona from seeds/judgement/persona_definitions.csv."
    ) }}
    from persona_definitions
    left join persona_traits
        on
            persona_definitions.segmentation = persona_traits.segmentation
            and persona_definitions.persona = persona_traits.persona
    where persona_traits.persona is null

    union all

    -- a start at the personas needs one persona per cluster, each with a trait for every feature
    {{ problem(
        'segmentations', ['segmentations.segmentation'], 'initialisation',
        "'personas, with ' || coalesce(described.personas, 0) || ' personas and ' || "
        ~ "coalesce(described.traits, 0) || ' traits'",
        "segmentations.k || ' personas (k) with one trait for each of the ' || described.features || ' features'",
        "Complete the personas and traits, change k, or use best_of_starts."
    ) }}
    from segmentations
    inner join described on segmentations.segmentation = described.segmentation
    where
        segmentations.initialisation = 'personas'
        and (described.personas <> segmentations.k or described.traits <> described.personas * described.features)

)

select * from problems
