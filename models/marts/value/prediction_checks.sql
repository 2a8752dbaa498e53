-- One row per dataset, outcome and ranking of customers: how much of what came later the best tenth of the ranking
-- holds, and whether the model of lifetime values holds more than a simple rule.
with

final as (

    select
        dataset,
        outcome,
        ranking,
        kind,
        known_until,
        judged_until,
        customers,
        share_held,
        share_low,
        share_high,
        lead_of_model,
        lead_low,
        lead_high,
        verdict,
        expected_total,
        observed_total,
        bootstraps,
        finding
    from {{ ref('prediction_results') }}

)

select
    final.*,
    {{ is_synthetic_dataset('final.dataset') }} as is_synthetic
from final
