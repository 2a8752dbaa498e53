-- One row per purchase of the SYNTHETIC retailer in January 2025, by customers of both arms of the experiment
-- `retail_new_year`. What the campaign does to each planted group is planted too, so that one can see whether it is
-- found.
{{ config(materialized='view', schema='inputs') }}
{% set experiment = 'retail_new_year' %}
{% set first_day = '2025-01-01' %}
{% set days = 31 %}

-- January's part of the purchases of two years, as its season says.
{% set share_of_two_years = 0.036 %}
-- Months of a customer differ by so much (log-normal).
{% set spread_of_months = 0.4 %}

-- Purchases of treated customers relative to those of the others: one group responds, one is harmed, one does not care.
{% set effects = {'high_income': 1.5, 'frequent': 0.8, 'occasional': 1.0} %}
with

campaign as (

    select
        salt,
        control_share
    from {{ ref('experiments') }}
    where experiment = '{{ experiment }}'

),

-- Only customers who have not lapsed by the end of 2024 buy in January.
active_customers as (

    select
        habits.customer_number,
        habits.customer_id,
        habits.planted_group,
        habits.basket,
        habits.purchases,
        {{ experiment_arm('campaign.salt', 'habits.customer_id', 'campaign.control_share') | indent(8) }} as arm
    from {{ ref('generated_retail_habits') }} as habits
    -- without the experiment everybody is left alone
    left join campaign
        on true
    where habits.has_bought and habits.active_share = 1

),

counted as (

    select
        customer_number,
        customer_id,
        basket,
        cast(
            floor(
                {{ share_of_two_years }} * purchases
                * exp({{ spread_of_months }} * {{ normal(['customer_number'], 'January') | indent(16) }})
                * case
                    {%- for group, factor in effects.items() %}
                    when arm = 'treated' and planted_group = '{{ group }}' then {{ factor }}
                    {%- endfor %}
                    else 1
                end
                + {{ uniform(['customer_number'], 'one more purchase in January') }}
            ) as bigint
        ) as purchases
    from active_customers

),

numbered as (

    select
        counted.*,
        {{ number_series('purchases') }} as purchase_number
    from counted
    where purchases > 0

),

final as (

    select
        row_number() over (order by customer_number, purchase_number) as input_row_number,
        'C' || lpad(cast(customer_number as {{ dbt.type_string() }}), 8, '0')
        || '-' || cast(purchase_number as {{ dbt.type_string() }}) as outcome_id,
        customer_id,
        cast(
            {{ dbt.dateadd(
                'day',
                'cast(floor(' ~ uniform(['customer_number', 'purchase_number'], 'day in January') ~ ' * ' ~ days
                ~ ') as int)',
                "cast('" ~ first_day ~ "' as date)"
            ) }} as date
        ) as outcome_date,
        cast(
            greatest(0.5, basket * exp(0.45 * {{ normal(['customer_number', 'purchase_number'], 'price in January') }}))
            as decimal(18, 2)
        ) as amount
    from numbered

)

select * from final
