-- One row per segmentation, cluster and feature: the figures of a box plot of the segment's customers.
{% for dataset in var('datasets') %}{% do ref(dataset ~ '_customer_features') %}{% endfor %}
{% set selects = [] %}
with

{% for dataset, rows in dataset_features() | groupby('dataset') %}
{{ dataset }}_customers as (

    select
        {% for row in rows %}
        customers.{{ row.feature }},
        {% endfor %}
        customer_segments.segmentation,
        customer_segments.cluster_id
    from {{ ref('customer_segments') }} as customer_segments
    inner join {{ ref(dataset ~ '_customer_features') }} as customers
        on customer_segments.customer_id = customers.customer_id
    where {{ evidence_wanted() }} and customer_segments.dataset = '{{ dataset }}'

),

{% for row in rows %}
{% set one %}
    select
        segmentation,
        cluster_id,
        '{{ row.feature }}' as feature,
        cast({{ row.feature }} as double) as value
    from {{ dataset }}_customers
{% endset %}
{% do selects.append(one) %}
{% endfor %}
{% endfor %}
segment_values as (
    {{ selects | join('union all') }}
),

counted as (

    select
        segmentation,
        cluster_id,
        feature,
        {{ quartiles('value') }} as quartile_values
    from segment_values
    group by segmentation, cluster_id, feature

),

quartiles as (

    select
        counted.*,
        {{ quartile('quartile_values', 1) }} as p25,
        {{ quartile('quartile_values', 2) }} as median,
        {{ quartile('quartile_values', 3) }} as p75
    from counted

),

final as (

    select
        quartiles.segmentation,
        quartiles.cluster_id,
        quartiles.feature,
        {{ whisker(-1, 'segment_values.value', 'quartiles.p25', 'quartiles.p75') }} as lower_whisker,
        min(quartiles.p25) as p25,
        min(quartiles.median) as median,
        min(quartiles.p75) as p75,
        {{ whisker(1, 'segment_values.value', 'quartiles.p25', 'quartiles.p75') }} as upper_whisker
    from segment_values
    inner join quartiles
        on
            segment_values.segmentation = quartiles.segmentation
            and segment_values.cluster_id = quartiles.cluster_id
            and segment_values.feature = quartiles.feature
    group by quartiles.segmentation, quartiles.cluster_id, quartiles.feature

)

select * from final
