-- One row per segmentation and local optimum: the best known one, and those that single starts reach.
with

final as (

    select
        segmentation,
        optimum,
        inertia,
        excess_over_best,
        share_of_starts,
        starts,
        adjusted_rand_index,
        customers_elsewhere,
        smallest_cluster,
        found_by,
        is_in_use,
        customers,
        fitted_on,
        coreset_rows
    from {{ ref('local_optima') }}

)

select
    final.*,
    {{ is_synthetic_segmentation('final.segmentation') }} as is_synthetic
from final
