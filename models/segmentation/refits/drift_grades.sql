-- One row per segmentation and measure: how far today's customers have moved from those of the last recorded model, in
-- a word.
with

judged as (

    select
        results.*,
        -- one chance for all measures of a segmentation together
        p_value * count(*) over (partition by segmentation) < {{ var('significance_level') }} as is_beyond_chance
    from {{ ref('drift_results') }} as results

)

select
    judged.*,
    case
        when not is_beyond_chance or effect < {{ var('drift_small') }} then 'none'
        when effect < {{ var('drift_medium') }} then 'small'
        when effect < {{ var('drift_large') }} then 'medium'
        else 'large'
    end as drift
from judged
