-- One row per segmentation, cluster and feature: the figures of a box plot of the segment's customers.
-- All features of a dataset are looked at in one pass over the customers, and only then made rows.
{% for dataset in var('datasets') %}{% do ref(dataset ~ '_customer_features') %}{% endfor %}
{% set selects = [] %}
with

profiles as (

    select
        segmentation,
        cluster_id,
        feature,
        p25,
        median,
        p75
    from {{ ref('segment_profiles') }}

),

{% for dataset, rows in dataset_features() | groupby('dataset') %}
{{ dataset }}_quartiles as (

    select
        {% for row in rows %}
        max(case when feature = '{{ row.feature }}' then p25 end) as p25_{{ loop.index }},
        max(case when feature = '{{ row.feature }}' then p75 end) as p75_{{ loop.index }},
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
        {% set p25, p75 = 'quartiles.p25_' ~ loop.index, 'quartiles.p75_' ~ loop.index %}
        {{ whisker(-1, value, p25, p75) }} as lower_whisker_{{ loop.index }},
        {{ whisker(1, value, p25, p75) }} as upper_whisker_{{ loop.index }},
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
        whiskers.upper_whisker
    from whiskers
    inner join profiles
        on
            whiskers.segmentation = profiles.segmentation
            and whiskers.cluster_id = profiles.cluster_id
            and whiskers.feature = profiles.feature

)

select * from final
