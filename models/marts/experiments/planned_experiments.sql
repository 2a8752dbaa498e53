-- One row per experiment that has not started on the day of this build, with what its customers have in common.
select
    experiments.experiment,
    segmentations.dataset,
    days.day,
    experiments.segmentation,
    experiments.campaign,
    experiments.personas,
    experiments.starts_on,
    {{ window_end('experiments.starts_on', 'experiments.window_days') }} as ends_on,
    experiments.control_share,
    experiments.outcome,
    experiments.salt,
    coalesce(contact_rules.contact_gap_days, 0) as contact_gap_days
from {{ ref('experiments') }} as experiments
inner join {{ ref('segmentations') }} as segmentations
    on experiments.segmentation = segmentations.segmentation
inner join {{ ref('build_days') }} as days
    on segmentations.dataset = days.dataset and experiments.starts_on > days.day
left join {{ ref('contact_rules') }} as contact_rules
    on segmentations.dataset = contact_rules.dataset
