-- One row per usable row of the input of campaign outcomes: a purchase, a return, or another outcome.
select
    row_number,
    outcome_id,
    customer_id,
    experiment,
    outcome,
    outcome_date,
    amount
from {{ ref('stg_retail__campaign_outcome_rows') }}
where reason is null
