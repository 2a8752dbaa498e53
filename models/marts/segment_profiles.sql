-- One row per segmentation, cluster and feature: how the segment's customers are spread and how they compare.
-- All features of the dataset are profiled, also those that the segmentation was not fitted on.
-- They are summed up in one pass over the customers of a dataset, and only then made rows.
{% for dataset in var('datasets') %}{% do ref(dataset ~ '_customer_features') %}{% endfor %}
{% set shares = {'median': 0.5, 'p10': 0.1, 'p25': 0.25, 'p75': 0.75, 'p90': 0.9} %}
{% set selects = [] %}
with

{% for dataset, rows in dataset_features() | groupby('dataset') %}
{{ dataset }}_segments as (

    select
        {% for row in rows %}
        {% set value = 'cast(customers.' ~ row.feature ~ ' as double)' %}
        count({{ value }}) as customers_{{ loop.index }},
        {{ exact_mean(value) }} as mean_{{ loop.index }},
        {{ quantiles(value, shares.values()) }} as quantiles_{{ loop.index }},
        min({{ value }}) as min_{{ loop.index }},
        max({{ value }}) as max_{{ loop.index }},
        {% endfor %}
        customer_segments.segmentation,
        customer_segments.cluster_id,
        customer_segments.persona
    from {{ ref('customer_segments') }} as customer_segments
    inner join {{ ref(dataset ~ '_customer_features') }} as customers
        on customer_segments.customer_id = customers.customer_id
    where customer_segments.dataset = '{{ dataset }}'
    group by customer_segments.segmentation, customer_segments.cluster_id, customer_segments.persona

),

{{ dataset }}_quantiles as (

    select
        {% for row in rows %}
        {% set position = loop.index %}
        {% for share in shares %}
        {{ quantile_at('quantiles_' ~ position, loop.index) }} as {{ share }}_{{ position }},
        {% endfor %}
        {% endfor %}
        segments.*
    from {{ dataset }}_segments as segments

),

{% for row in rows %}
{% set position = loop.index %}
{% set one %}
    select
        segmentation,
        '{{ dataset }}' as dataset,
        cluster_id,
        persona,
        '{{ row.feature }}' as feature,
        customers_{{ position }} as customers,
        mean_{{ position }} as mean,
        {% for share in shares %}
        quantiles.{{ share }}_{{ position }} as {{ share }},
        {% endfor %}
        min_{{ position }} as min,
        max_{{ position }} as max
    from {{ dataset }}_quantiles as quantiles
{% endset %}
{% do selects.append(one) %}
{% endfor %}
{% endfor %}
profiles as (
    {{ selects | join('union all') }}
),

final as (

    select
        profiles.segmentation,
        profiles.cluster_id,
        profiles.persona,
        profiles.feature,
        features.label,
        features.unit,
        profiles.customers,
        profiles.mean,
        profiles.median,
        profiles.p10,
        profiles.p25,
        profiles.p75,
        profiles.p90,
        profiles.min,
        profiles.max,
        feature_statistics.mean as population_mean,
        -- an index needs a positive base
        case when feature_statistics.mean > 0 then 100 * profiles.mean / feature_statistics.mean end
            as index_to_population
    from profiles
    inner join {{ ref('feature_statistics') }} as feature_statistics
        on
            profiles.dataset = feature_statistics.dataset
            and profiles.feature = feature_statistics.feature
    inner join {{ ref('features') }} as features
        on
            profiles.dataset = features.dataset
            and profiles.feature = features.feature

)

select * from final
