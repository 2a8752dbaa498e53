-- One row per segmentation and algorithm: how other algorithms group the same customers, compared with K-Means.
with

final as (

    select
        segmentation,
        dataset,
        algorithm,
        settings,
        clusters,
        noise_customers,
        noise_share,
        silhouette,
        davies_bouldin,
        calinski_harabasz,
        bic,
        adjusted_rand_index,
        noise_handling,
        customers,
        seconds
    from {{ ref('algorithm_results') }}
    where {{ evidence_wanted() }}

)

select
    final.*,
    {{ is_synthetic_dataset('final.dataset') }} as is_synthetic
from final
