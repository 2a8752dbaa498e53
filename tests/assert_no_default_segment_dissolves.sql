-- Segments of default segmentations that another draw of customers would not have. Personas and campaigns should not
-- rest on them: see k_recommendation for a number of segments that holds.
{{ config(severity='warn') }}

select
    segment_stability.segmentation,
    segment_stability.persona,
    segment_stability.bootstrap_jaccard
from {{ ref('segment_stability') }} as segment_stability
inner join {{ ref('applied_segmentations') }} as segmentations
    on segment_stability.segmentation = segmentations.segmentation
where segmentations.is_default and segment_stability.stability_grade = 'dissolved'
