-- One row per usable purchase or return of the input of campaign outcomes.
select
    row_number,
    outcome_id,
    customer_id,
    experiment,
    outcome_date,
    amount
from {{ ref('stg_retail__campaign_outcome_rows') }}
where reason is null
