-- One row per segmentation, cluster and feature: the distribution of the segment's customers and how they compare.
-- All features of the dataset are profiled, including those that the segmentation was not fitted on. Features are
-- summed up one after the other: for 10 million customers with 11 features this takes 14 seconds of CPU, one pass over
-- all of them 10, with a query of nearly twice the length.
{% for dataset in names_in_var('datasets') %}{% do ref(dataset ~ '_customer_features') %}{% endfor %}
{% set shares = {'median': 0.5, 'p10': 0.1, 'p25': 0.25, 'p75': 0.75, 'p90': 0.9} %}
{% set selects, customer_segments = [], ref('customer_segments') %}
with

{% for dataset, rows in dataset_features() | groupby('dataset') %}
{% set features = rows | map(attribute='feature') | list %}
{% set are_many = are_many_values(
    customer_segments,
    'select count(*) * ' ~ features | length ~ ' from ' ~ customer_segments ~ " where dataset = '" ~ dataset ~ "'"
) %}
{{ dataset }}_customers as (

    select
        {% for feature in features %}
        cast(customers.{{ feature }} as double) as {{ feature }},
        {% endfor %}
        customer_segments.segmentation,
        customer_segments.cluster_id,
        customer_segments.persona
    from {{ customer_segments }} as customer_segments
    inner join {{ ref(dataset ~ '_customer_features') }} as customers
        on customer_segments.customer_id = customers.customer_id
    where customer_segments.dataset = '{{ dataset }}'

),

{{ dataset }}_segments as (

    {% for feature in features %}
    select
        segmentation,
        cluster_id,
        persona,
        '{{ feature }}' as feature,
        count({{ feature }}) as customers,
        {{ exact_mean(feature) }} as mean,
        {% if not are_many %}
        {{ quantiles(feature, shares.values()) }} as quantile_values,
        {% endif %}
        min({{ feature }}) as min,
        max({{ feature }}) as max
    from {{ dataset }}_customers
    group by segmentation, cluster_id, persona
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

{{ dataset }}_quantiles as (
    {% if are_many %}
    {{ counted_quantiles(dataset ~ '_customers', ['segmentation', 'cluster_id'], features, shares) | indent }}
    {% else %}
    select
        segmentation,
        cluster_id,
        {% for share in shares %}
        {{ quantile_at('quantile_values', loop.index) }} as {{ share }},
        {% endfor %}
        feature
    from {{ dataset }}_segments
    {% endif %}
),

{% set one %}
    select
        segments.segmentation,
        '{{ dataset }}' as dataset,
        segments.cluster_id,
        segments.persona,
        segments.feature,
        segments.customers,
        segments.mean,
        {% for share in shares %}
        quantiles.{{ share }},
        {% endfor %}
        segments.min,
        segments.max
    from {{ dataset }}_segments as segments
    left join {{ dataset }}_quantiles as quantiles
        on
            segments.segmentation = quantiles.segmentation
            and segments.cluster_id = quantiles.cluster_id
            and segments.feature = quantiles.feature
{% endset %}
{% do selects.append(one) %}
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
        feature_statistics.median as population_median,
        -- an index needs a positive base
        case when feature_statistics.mean > 0 then 100 * profiles.mean / feature_statistics.mean end
            as index_to_population,
        personas.segment_key
    from profiles
    inner join {{ ref('personas') }} as personas
        on
            profiles.segmentation = personas.segmentation
            and profiles.cluster_id = personas.cluster_id
    inner join {{ ref('feature_statistics') }} as feature_statistics
        on
            profiles.dataset = feature_statistics.dataset
            and profiles.feature = feature_statistics.feature
    inner join {{ ref('features') }} as features
        on
            profiles.dataset = features.dataset
            and profiles.feature = features.feature

)

select
    final.*,
    {{ is_synthetic_segmentation('final.segmentation') }} as is_synthetic
from final
