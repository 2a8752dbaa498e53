-- One row per sign, unit or word that may stand beside numbers: what the build reads with, for files to score.
select
    kind,
    coalesce(column_name, '') as column_name,
    written,
    means,
    factor,
    reason
from {{ ref('input_notations') }}
