-- One row per segmentation of the seed that is not built, with the reason.
select
    segmentation,
    dataset,
    skipped_because as reason
from {{ ref('segmentation_decisions') }}
where skipped_because is not null
