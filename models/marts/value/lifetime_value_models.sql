-- One row per dataset, model and parameter: what is known about how customers buy and pay.
with

final as (

    select
        dataset,
        model,
        parameter,
        position,
        value,
        low,
        high,
        log_likelihood,
        customers,
        status
    from {{ ref('lifetime_value_fits') }}

)

select
    final.*,
    {{ is_synthetic_dataset('final.dataset') }} as is_synthetic
from final
