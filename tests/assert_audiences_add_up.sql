-- Customers of an experiment who got lost, or were counted twice, on the way from its personas to the arms.
with

steps as (

    select
        experiment,
        step,
        customers,
        customers + left_out as customers_before,
        lag(customers) over (partition by experiment order by position) as expected_before,
        max(case when step = 'assigned' then customers end) over (partition by experiment) as assigned
    from {{ ref('experiment_audiences') }}

),

counted as (

    select
        experiment,
        arm,
        count(*) as customers
    from {{ ref('campaign_assignments') }}
    group by experiment, arm

)

select
    steps.experiment,
    steps.step
from steps
left join counted
    on steps.experiment = counted.experiment and steps.step = counted.arm
where
    steps.customers_before
    <> case when steps.step in ('treated', 'control') then steps.assigned else steps.expected_before end
    or (steps.step in ('treated', 'control') and steps.customers <> coalesce(counted.customers, 0))
