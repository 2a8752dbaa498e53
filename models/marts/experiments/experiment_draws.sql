-- One row per planned experiment and customer of its personas: the arm, or why the customer is left out. Only what
-- differs between customers is here: ten million rows with the columns that they share take three times as long to
-- write.
-- A customer decides about the experiments one after the other: the earlier start first, then the campaign that suits
-- the persona best, then the name. So no row depends on the order of customers or of the seed.
{% set turns = planned_turns() | int %}
{# with one experiment there is nothing to sort by, and sorting all customers takes longer than all else #}
{% set turn_of_row = '1' if turns == 1 else
    'row_number() over (partition by dataset, customer_id order by starts_on, priority, experiment)' %}
with

-- what customers take part in already
started as (

    select
        dataset,
        customer_id,
        max(ends_on) as busy_until,
        max(case when arm = 'treated' then starts_on end) as treated_on
    from {{ ref('recorded_enrolments') }}
    where left_out_because is null
    group by dataset, customer_id

),

enrolled as (

    select
        planned.dataset,
        planned.experiment,
        customer_campaigns.customer_id,
        personas.segment_key,
        {{ experiment_arm('planned.salt', 'customer_campaigns.customer_id', 'planned.control_share') }} as drawn_arm,
        planned.starts_on,
        planned.ends_on,
        planned.contact_gap_days,
        customer_campaigns.no_contact_because,
        started.busy_until,
        started.treated_on,
        coalesce(persona_campaigns.priority, 1000000) as priority
    from {{ ref('planned_experiments') }} as planned
    inner join {{ ref('customer_campaigns') }} as customer_campaigns
        on planned.segmentation = customer_campaigns.segmentation
    inner join {{ ref('personas') }} as personas
        on customer_campaigns.segment_key = personas.segment_key
    left join {{ ref('persona_campaigns') }} as persona_campaigns
        on
            planned.segmentation = persona_campaigns.segmentation
            and personas.persona_id = persona_campaigns.persona
            and planned.campaign = persona_campaigns.campaign
    left join started
        on planned.dataset = started.dataset and customer_campaigns.customer_id = started.customer_id
    where
        planned.personas is null
        -- one of the listed personas
        or replace(
            ';' || replace(planned.personas, ' ', '') || ';', ';' || personas.persona_id || ';', ''
        ) <> ';' || replace(planned.personas, ' ', '') || ';'

),

turn_0 as (

    select
        *,
        {{ turn_of_row }} as turn
    from enrolled

),

{% for turn in range(1, turns + 1) %}
{% set takes_part = namespace(earlier='turn < ' ~ turn) %}
{% for earlier in range(1, turn) %}
{% set takes_part.earlier = takes_part.earlier ~ ' and reason_' ~ earlier ~ ' is null' %}
{% endfor %}
{# before the first turn there is none to look back to #}
{% set busy, treated = 'busy_until', 'treated_on' %}
{% if turn > 1 %}
{% set window = 'over (partition by dataset, customer_id)' %}
{% set busy = 'greatest(busy_until, max(case when ' ~ takes_part.earlier ~ ' then ends_on end) ' ~ window ~ ')' %}
{% set treated = 'greatest(treated_on, max(case when ' ~ takes_part.earlier
    ~ " and drawn_arm = 'treated' then starts_on end) " ~ window ~ ')' %}
{% endif %}
turn_{{ turn }} as (

    select
        *,
        case
            when turn <> {{ turn }} then null
            when no_contact_because is not null then no_contact_because
            when starts_on <= {{ busy }} then 'in another experiment'
            when {{ dbt.datediff(treated, 'starts_on', 'day') }} < contact_gap_days
                then 'contacted too recently'
        end as reason_{{ turn }}
    from turn_{{ turn - 1 }}

),

{% endfor %}
decided as (

    select
        *,
        coalesce({% for turn in range(1, turns + 1) %}reason_{{ turn }}, {% endfor %}null) as left_out_because
    from turn_{{ turns }}

),

final as (

    select
        experiment,
        customer_id,
        segment_key,
        case when left_out_because is null then drawn_arm end as arm,
        left_out_because
    from decided

)

select * from final
