-- One row per problem with the seeds experiments, contact_rules and contact_suppressions.
-- Empty if there is none.
{% set outcomes = purchase_metrics() %}
{% set measured = [''] + datasets_with_purchases() + (var('datasets_with_outcomes', []) | list) %}
with

experiments as (

    select * from {{ ref('experiments') }}

),

segmentations as (

    select * from {{ ref('segmentations') }}

),

named_personas as (

    select
        experiments.experiment,
        experiments.segmentation,
        unnest(string_split(replace(experiments.personas, ' ', ''), ';')) as persona
    from experiments
    where experiments.personas is not null

),

problems as (

    -- the name of an experiment can be part of a file name
    {{ problem(
        'experiments', ['experiment'], 'experiment',
        "experiment", "'lower-case letters, digits and underscores, a letter first'", "Rename the experiment."
    ) }}
    from experiments
    where not {{ is_name('experiment') }}

    union all

    -- an experiment tests a campaign that exists
    {{ problem(
        'experiments', ['experiment'], 'campaign',
        "campaign",
        "'a campaign of seeds/judgement/campaigns.csv'",
        "Correct the name, or define the campaign there."
    ) }}
    from experiments
    where campaign not in (select campaigns.campaign from {{ ref('campaigns') }} as campaigns)

    union all

    -- it takes customers of a segmentation that exists
    {{ problem(
        'experiments', ['experiment'], 'segmentation',
        "segmentation",
        "'one of ' || " ~ list_of('segmentation', 'segmentations'),
        "Correct the name, or define the segmentation in seeds/judgement/segmentations.csv."
    ) }}
    from experiments
    where segmentation not in (select segmentations.segmentation from segmentations)

    union all

    -- and of personas that exist
    {{ problem(
        'experiments', ['named_personas.experiment'], 'personas',
        "named_personas.persona",
        "'personas of ' || named_personas.segmentation || ' in seeds/judgement/persona_definitions.csv'",
        "Correct the name, or leave the column empty for all customers."
    ) }}
    from named_personas
    left join {{ ref('persona_definitions') }} as persona_definitions
        on
            named_personas.segmentation = persona_definitions.segmentation
            and named_personas.persona = persona_definitions.persona
    where persona_definitions.persona is null

    union all

    -- the window has a day
    {{ problem(
        'experiments', ['experiment'], 'window_days',
        "cast(window_days as string)", "'1 or more'", "Give the days whose purchases count."
    ) }}
    from experiments
    where window_days < 1

    union all

    -- some get the campaign, some do not
    {{ problem(
        'experiments', ['experiment'], 'control_share',
        "cast(control_share as string)",
        "'a share above 0 and below 1'",
        "With 0 there is nothing to compare with, with 1 nothing to measure. 0.5 shows the smallest effects."
    ) }}
    from experiments
    where not (control_share > 0 and control_share < 1)

    union all

    -- the outcome is one of purchases, or has a name that no other metric and no missing value has
    {{ problem(
        'experiments', ['experiment'], 'outcome',
        "outcome",
        "'" ~ outcomes | join(', ') ~ ", or the name of another outcome in lower-case letters, digits and underscores'",
        "Correct the word, or rename the outcome here and in the input of campaign outcomes."
    ) }}
    from experiments
    where not {{ is_name('outcome') }} or outcome in ('money_per_purchase', 'unknown')

    union all

    -- another outcome than purchases is in the input of outcomes
    {{ problem(
        'experiments', ['experiments.experiment'], 'outcome',
        "experiments.outcome || ' of ' || segmentations.dataset || ', which has no input of campaign outcomes'",
        "'one of " ~ outcomes | join(', ') ~ ", or a dataset of the var datasets_with_outcomes'",
        "Correct the word, or add the input <dataset>_campaign_outcomes: see docs/experiments.md."
    ) }}
    from experiments
    inner join segmentations on experiments.segmentation = segmentations.segmentation
    where
        experiments.outcome not in ({{ quoted_words(outcomes) }})
        and segmentations.dataset in ({{ quoted_words(measured) }})
        and segmentations.dataset not in ({{ quoted_words([''] + datasets_with_outcomes()) }})

    union all

    -- and the dataset can tell it
    {{ problem(
        'experiments', ['experiments.experiment'], 'outcome',
        "experiments.outcome || ' of ' || segmentations.dataset || ', which has neither purchases nor outcomes'",
        "'a dataset of the var datasets_with_purchases or datasets_with_outcomes'",
        "Add an input of purchases or of outcomes, or choose a segmentation of another dataset."
    ) }}
    from experiments
    inner join segmentations on experiments.segmentation = segmentations.segmentation
    where segmentations.dataset not in ({{ quoted_words(measured) }})

    union all

    -- without a control nothing is measured
    {{ problem(
        'experiments', ['experiment'], 'minimum_control',
        "cast(minimum_control as string)", "'1 or more'", "Give the fewest customers that the control should have."
    ) }}
    from experiments
    where minimum_control < 1

    union all

    -- each experiment draws by itself: with the same salt, a customer would be in the same arm of both
    {{ problem(
        'experiments', ['salt'], 'salt',
        dbt.listagg('experiment', "', '", 'order by experiment') ~ " || ' with the same salt'",
        "'a salt of its own for each, or the same customers would be in the control of both'",
        "Change the salt of the experiment that has not started."
    ) }}
    from experiments
    group by salt
    having count(*) > 1

    union all

    -- a gap is not negative
    {{ problem(
        'contact_rules', ['dataset'], 'contact_gap_days',
        "cast(contact_gap_days as string)", "'0 or more'", "Give the days between two starts, or 0 for no limit."
    ) }}
    from {{ ref('contact_rules') }}
    where contact_gap_days < 0

    {% for seed in ['contact_rules', 'contact_suppressions'] %}
    union all

    -- rules and suppressions are about datasets that exist
    {{ problem(
        seed, ['dataset'], 'dataset',
        "dataset", "'one of " ~ names_in_var('datasets') | join(', ') ~ "'", "Correct the name, or delete the row."
    ) }}
    from {{ ref(seed) }}
    where dataset not in ({{ quoted_words(names_in_var('datasets')) }})
    {% endfor %}

)

select * from problems
