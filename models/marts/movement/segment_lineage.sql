-- One row per segmentation, day with a new model, segment before and segment after: what became of the segments.
with

final as (

    {{ recorded_rows('segment_successions') }}
    union all
    select * from {{ ref('segment_successions') }}

)

select
    final.*,
    {{ is_synthetic_dataset('final.dataset') }} as is_synthetic
from final
