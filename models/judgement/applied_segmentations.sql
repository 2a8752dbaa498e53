-- One row per segmentation that applies to the data: what is fitted, with the columns of the seed `segmentations`.
-- Where the default segmentation of a dataset is skipped, the first of the others is the default.
select
    segmentation,
    dataset,
    k,
    k_min,
    k_max,
    scaling,
    initialisation,
    {{ "'" ~ var('refit') ~ "'" if var('refit') else 'refit' }} as refit,
    move_limit,
    row_number() over (
        partition by dataset order by case when is_default then 0 else 1 end asc, segmentation asc
    ) = 1 as is_default,
    {{ display_name('display_name', 'segmentation') }} as segmentation_name,
    source,
    description
from {{ ref('segmentation_decisions') }}
where skipped_because is null
