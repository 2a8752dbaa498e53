-- Fails where the figure behind a headline differs from the median that the profile of the same segment shows: there is
-- one typical value, and every page reads it.
select
    segment_profiles.segmentation,
    segment_profiles.cluster_id,
    segment_profiles.feature,
    segment_profiles.median,
    cluster_medians.median as headline_median
from {{ ref('segment_profiles') }} as segment_profiles
inner join {{ ref('cluster_medians') }} as cluster_medians
    on
        segment_profiles.segmentation = cluster_medians.segmentation
        and segment_profiles.cluster_id = cluster_medians.cluster_id
        and segment_profiles.feature = cluster_medians.feature
where segment_profiles.median is distinct from cluster_medians.median
