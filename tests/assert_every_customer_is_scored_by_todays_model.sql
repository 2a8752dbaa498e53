-- Fails for every customer whose row in `customer_segments` is missing, is that of somebody who is gone, or was
-- written for other values, another model or other personas than there are today: each row is what a full build writes.
select
    coalesce(inputs.segmentation, scored.segmentation) as segmentation,
    coalesce(inputs.customer_id, scored.customer_id) as customer_id,
    inputs.fingerprint,
    scored.fingerprint as scored_fingerprint
from {{ ref('scoring_inputs') }} as inputs
full outer join {{ ref('customer_segments') }} as scored
    on inputs.segmentation = scored.segmentation and inputs.customer_id = scored.customer_id
where inputs.fingerprint is null or scored.fingerprint is null or inputs.fingerprint <> scored.fingerprint
