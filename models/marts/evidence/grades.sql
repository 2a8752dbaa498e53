-- One row per grade of stability: the limits of the seed, for readers who colour, sort or explain grades.
select
    grade,
    position,
    lowest_jaccard,
    reason
from {{ ref('stability_grades') }}
