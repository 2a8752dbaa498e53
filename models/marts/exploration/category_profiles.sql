-- One row per dataset, category column, category value and feature: the distribution of the feature in each group.
with

final as (

    select
        dataset,
        category,
        category_value,
        feature,
        customers,
        mean,
        standard_deviation,
        minimum,
        p25,
        median,
        p75,
        maximum,
        lower_whisker,
        upper_whisker
    from {{ ref('category_statistics') }}

)

select
    final.*,
    {{ is_synthetic_dataset('final.dataset') }} as is_synthetic
from final
