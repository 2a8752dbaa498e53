-- One row per setting of an experiment that was changed after the campaign had started, and per consent column that
-- does not exist; empty if there is none. Who gets the campaign and what counts is decided before the start.
{% set existing = namespace(columns=[]) %}
{% for dataset in names_in_var('datasets') %}
{% for column in columns_of_features(dataset) or [] %}
{% do existing.columns.append(dataset ~ '.' ~ column) %}
{% endfor %}
{% endfor %}
{% set settings = {
    'campaign': ['recorded.campaign_id', 'experiments.campaign'],
    'segmentation': ['recorded.segmentation', 'experiments.segmentation'],
    'starts_on': ['recorded.starts_on', 'experiments.starts_on'],
    'window_days': [
        'cast(' ~ dbt.datediff('recorded.starts_on', 'recorded.ends_on', 'day') ~ ' + 1 as int)',
        'experiments.window_days',
    ],
    'control_share': ['recorded.control_share', 'experiments.control_share'],
    'outcome': ['recorded.outcome', 'experiments.outcome'],
    'salt': ['recorded.salt', 'experiments.salt'],
} %}
with

recorded as (

    select distinct
        experiment,
        campaign_id,
        segmentation,
        starts_on,
        ends_on,
        control_share,
        outcome,
        salt
    from {{ ref('recorded_enrolments') }}

),

contact_rules as (

    select * from {{ ref('contact_rules') }}

),

problems as (

    {% for column, (before, now) in settings.items() %}
    {{ problem(
        'experiments', ['recorded.experiment'], column,
        "cast(" ~ now ~ " as string)",
        "cast(" ~ before ~ " as string) || ', as recorded before the start on ' || recorded.starts_on",
        "Take the change back: customers are assigned and the outcome is fixed before the start. "
        ~ "For other settings, add an experiment with a name and a salt of its own."
    ) }}
    from recorded
    inner join {{ ref('experiments') }} as experiments
        on recorded.experiment = experiments.experiment
    where {{ before }} <> {{ now }}

    union all

    {% endfor %}
    -- the column with the consent exists
    {{ problem(
        'contact_rules', ['dataset'], 'consent_column',
        "consent_column",
        "'a column of ' || dataset || '_customer_features'",
        "Correct the name, or leave it empty if all customers may be contacted."
    ) }}
    from contact_rules
    where dataset || '.' || consent_column not in ({{ quoted_words(existing.columns or ['']) }})

)

select * from problems
