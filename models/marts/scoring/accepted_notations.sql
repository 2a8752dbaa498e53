-- One row per sign, unit or word that may appear next to numbers: the notations that the build accepts, for reading
-- files to score.
select
    kind,
    coalesce(column_name, '') as column_name,
    written,
    means,
    factor,
    reason
from {{ ref('input_notations') }}
