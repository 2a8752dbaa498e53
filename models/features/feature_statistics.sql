-- One row per dataset and feature: the population that segments are compared with.
select
    dataset,
    feature,
    count(*) as customers,
    count(*) - count(value) as missing_values,
    count(distinct value) as distinct_values,
    {{ stable('avg(value)') }} as mean,
    {{ stable('stddev_pop(value)') }} as standard_deviation,
    min(value) as minimum,
    {{ quantile('value', 0.1) }} as p10,
    {{ quantile('value', 0.25) }} as p25,
    {{ quantile('value', 0.5) }} as median,
    {{ quantile('value', 0.75) }} as p75,
    {{ quantile('value', 0.9) }} as p90,
    max(value) as maximum
from {{ ref('feature_values') }}
group by dataset, feature
