-- One row per segmentation, day with a new model, segment before and segment after: what became of the segments.
with

successions as (

    {{ recorded_rows('segment_successions') }}
    union all
    select * from {{ ref('segment_successions') }}

),

final as (

    -- the history also keeps what is no longer built
    select successions.*
    from successions
    inner join {{ ref('segmentation_fits') }} as fits
        on successions.segmentation = fits.segmentation

)

select
    final.*,
    {{ is_synthetic_dataset('final.dataset') }} as is_synthetic
from final
