-- One row per experiment that has started and customer of its personas: the arm, or why the customer was left out, as
-- recorded on the last day before the start. What has happened to the segments since changes nothing.
with

enrolments as (

    {{ recorded_rows('experiment_enrolments') }}

),

last_days as (

    select
        enrolments.experiment,
        max(enrolments.day) as day
    from enrolments
    -- a row that somebody took out of the seed is an experiment that did not take place
    inner join {{ ref('experiments') }} as experiments
        on enrolments.experiment = experiments.experiment
    group by enrolments.experiment

),

final as (

    select enrolments.*
    from enrolments
    inner join last_days
        on enrolments.experiment = last_days.experiment and enrolments.day = last_days.day
    inner join {{ ref('build_days') }} as days
        on enrolments.dataset = days.dataset and enrolments.starts_on <= days.day

)

select * from final
