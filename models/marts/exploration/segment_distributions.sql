-- One row per segmentation, cluster and feature: the figures of a box plot of the segment's customers.
-- All features of a dataset are computed in one pass over the customers and only then turned into rows.
{% for dataset in names_in_var('datasets') %}{% do ref(dataset ~ '_customer_features') %}{% endfor %}
{% set selects = [] %}
with

profiles as (

    select
        segmentation,
        cluster_id,
        feature,
        segment_key,
        p25,
        median,
        p75,
        {{ tukey_fence(-1, 'p25', 'p75') }} as lower_fence,
        {{ tukey_fence(1, 'p25', 'p75') }} as upper_fence
    from {{ ref('segment_profiles') }}

),

{% for dataset, rows in dataset_features() | groupby('dataset') %}
{{ dataset }}_quartiles as (

    select
        {% for row in rows %}
        {% set position = loop.index %}
        {% for figure in ['lower_fence', 'p25', 'p75', 'upper_fence'] %}
        max(case when feature = '{{ row.feature }}' then {{ figure }} end) as {{ figure }}_{{ position }},
        {% endfor %}
        {% endfor %}
        segmentation,
        cluster_id
    from profiles
    group by segmentation, cluster_id

),

{{ dataset }}_whiskers as (

    select
        {% for row in rows %}
        {% set value = 'cast(customers.' ~ row.feature ~ ' as double)' %}
        {% set lower_fence, p25 = 'quartiles.lower_fence_' ~ loop.index, 'quartiles.p25_' ~ loop.index %}
        {% set upper_fence, p75 = 'quartiles.upper_fence_' ~ loop.index, 'quartiles.p75_' ~ loop.index %}
        {{ whisker(-1, value, lower_fence, p25) }} as lower_whisker_{{ loop.index }},
        {{ whisker(1, value, upper_fence, p75) }} as upper_whisker_{{ loop.index }},
        {% endfor %}
        quartiles.segmentation,
        quartiles.cluster_id
    from {{ ref('customer_segments') }} as customer_segments
    inner join {{ ref(dataset ~ '_customer_features') }} as customers
        on customer_segments.customer_id = customers.customer_id
    inner join {{ dataset }}_quartiles as quartiles
        on
            customer_segments.segmentation = quartiles.segmentation
            and customer_segments.cluster_id = quartiles.cluster_id
    where {{ evidence_wanted() }} and customer_segments.dataset = '{{ dataset }}'
    group by quartiles.segmentation, quartiles.cluster_id

),

{% for row in rows %}
{% set one %}
    select
        segmentation,
        cluster_id,
        '{{ row.feature }}' as feature,
        lower_whisker_{{ loop.index }} as lower_whisker,
        upper_whisker_{{ loop.index }} as upper_whisker
    from {{ dataset }}_whiskers
{% endset %}
{% do selects.append(one) %}
{% endfor %}
{% endfor %}
whiskers as (
    {{ selects | join('union all') }}
),

final as (

    select
        whiskers.segmentation,
        whiskers.cluster_id,
        whiskers.feature,
        whiskers.lower_whisker,
        profiles.p25,
        profiles.median,
        profiles.p75,
        whiskers.upper_whisker,
        profiles.segment_key
    from whiskers
    inner join profiles
        on
            whiskers.segmentation = profiles.segmentation
            and whiskers.cluster_id = profiles.cluster_id
            and whiskers.feature = profiles.feature

)

select
    final.*,
    {{ is_synthetic_segmentation('final.segmentation') }} as is_synthetic
from final
