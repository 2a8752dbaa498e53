-- One row per dataset, ordered pair of features and shape of fit: what the first feature says about the other.
with

final as (

    select
        dataset,
        feature,
        other_feature,
        shape,
        customers,
        intercept,
        slope,
        quadratic_coefficient,
        r_squared,
        p_value
    from {{ ref('relationship_fits') }}
    where {{ evidence_wanted() }}

)

select
    final.*,
    {{ is_synthetic_dataset('final.dataset') }} as is_synthetic
from final
