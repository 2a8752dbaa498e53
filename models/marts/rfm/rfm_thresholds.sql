-- One row per dataset, measure and score: the values that get the score. Quintiles of the customers with purchases,
-- unless the seed `rfm_limits` gives the limit. Limits are values, so customers with equal values never get different
-- scores.
with

buyers as (

    {% for measure in ['recency', 'frequency', 'monetary'] %}
    select
        dataset,
        '{{ measure }}' as measure,
        {{ measure }} as value
    from {{ ref('rfm_values') }}
    where recency is not null
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

quintiles as (

    select
        dataset,
        measure,
        {% for step in range(1, 5) %}
        {{ quantile('value', step / 5) }} as quintile_{{ step }},
        {% endfor %}
        count(*) as customers
    from buyers
    group by dataset, measure

),

-- Low recency is good, so scores fall as values rise.
bands as (

    {% for step in range(1, 6) %}
    select
        dataset,
        measure,
        {{ step }} as band,
        case when measure = 'recency' then 6 - {{ step }} else {{ step }} end as score,
        {{ 'quintile_' ~ step if step < 5 else 'cast(null as double)' }} as quintile
    from quintiles
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

limited as (

    select
        bands.dataset,
        bands.measure,
        bands.band,
        bands.score,
        coalesce(rfm_limits.up_to, bands.quintile) as up_to,
        case
            when bands.band = 5 then 'open'
            when rfm_limits.up_to is not null then 'seed'
            else 'quintile'
        end as origin
    from bands
    left join {{ ref('rfm_limits') }} as rfm_limits
        on
            bands.dataset = rfm_limits.dataset
            and bands.measure = rfm_limits.measure
            and bands.score = rfm_limits.score

),

final as (

    select
        limited.dataset,
        limited.measure,
        rfm_measures.feature,
        limited.score,
        lag(limited.up_to) over (partition by limited.dataset, limited.measure order by limited.band) as above,
        limited.up_to,
        limited.origin
    from limited
    inner join {{ ref('rfm_measures') }} as rfm_measures
        on limited.dataset = rfm_measures.dataset and limited.measure = rfm_measures.measure

)

select
    final.*,
    {{ is_synthetic_dataset('final.dataset') }} as is_synthetic
from final
