-- One row per segmentation, cluster and feature: the figures of a box plot of the segment's customers.
-- All features of a dataset are summed up in one pass over the customers, and only then made rows.
{% for dataset in var('datasets') %}{% do ref(dataset ~ '_customer_features') %}{% endfor %}
{% set selects = [] %}
with

{% for dataset, rows in dataset_features() | groupby('dataset') %}
{{ dataset }}_customers as (

    select
        {% for row in rows %}
        cast(customers.{{ row.feature }} as double) as {{ row.feature }},
        {% endfor %}
        customer_segments.segmentation,
        customer_segments.cluster_id
    from {{ ref('customer_segments') }} as customer_segments
    inner join {{ ref(dataset ~ '_customer_features') }} as customers
        on customer_segments.customer_id = customers.customer_id
    where {{ evidence_wanted() }} and customer_segments.dataset = '{{ dataset }}'

),

{{ dataset }}_counted as (

    select
        {% for row in rows %}
        {{ quantiles(row.feature, [0.25, 0.5, 0.75]) }} as quartiles_{{ loop.index }},
        {% endfor %}
        segmentation,
        cluster_id
    from {{ dataset }}_customers
    group by segmentation, cluster_id

),

{{ dataset }}_quartiles as (

    select
        {% for row in rows %}
        {% set position = loop.index %}
        {% for quartile in ['p25', 'median', 'p75'] %}
        {{ quantile_at('quartiles_' ~ position, loop.index) }} as {{ quartile }}_{{ position }},
        {% endfor %}
        {% endfor %}
        segmentation,
        cluster_id
    from {{ dataset }}_counted

),

{{ dataset }}_whiskers as (

    select
        {% for row in rows %}
        {% set value = 'customers.' ~ row.feature %}
        {% set p25, p75 = 'quartiles.p25_' ~ loop.index, 'quartiles.p75_' ~ loop.index %}
        {{ whisker(-1, value, p25, p75) }} as lower_whisker_{{ loop.index }},
        min({{ p25 }}) as p25_{{ loop.index }},
        min(quartiles.median_{{ loop.index }}) as median_{{ loop.index }},
        min({{ p75 }}) as p75_{{ loop.index }},
        {{ whisker(1, value, p25, p75) }} as upper_whisker_{{ loop.index }},
        {% endfor %}
        quartiles.segmentation,
        quartiles.cluster_id
    from {{ dataset }}_customers as customers
    inner join {{ dataset }}_quartiles as quartiles
        on customers.segmentation = quartiles.segmentation and customers.cluster_id = quartiles.cluster_id
    group by quartiles.segmentation, quartiles.cluster_id

),

{% for row in rows %}
{% set one %}
    select
        segmentation,
        cluster_id,
        '{{ row.feature }}' as feature,
        lower_whisker_{{ loop.index }} as lower_whisker,
        p25_{{ loop.index }} as p25,
        median_{{ loop.index }} as median,
        p75_{{ loop.index }} as p75,
        upper_whisker_{{ loop.index }} as upper_whisker
    from {{ dataset }}_whiskers
{% endset %}
{% do selects.append(one) %}
{% endfor %}
{% endfor %}
final as (
    {{ selects | join('union all') }}
)

select * from final
