-- One row per segmentation, number of segments, cluster and feature: the segments in use, and those with one fewer and
-- one more, to which every customer is assigned here. Their centres were found when numbers of segments were compared.
{% for dataset in names_in_var('datasets') %}{% do ref(dataset ~ '_customer_features') %}{% endfor %}
{% set inputs, alternatives = ref('segmentation_inputs'), ref('alternative_clusters') %}
{% set features, shapes = {}, [] %}
{% for one in segmentation_inputs_wanted() %}
{% do features.update({one.segmentation: one.features | map(attribute='feature') | list}) %}
{% endfor %}
{% set width = features.values() | map('length') | max %}
{% if is_built(alternatives) %}
{% for row in run_query(
    'select distinct segmentation, dataset, k from ' ~ alternatives.render() ~ ' order by segmentation, k'
).rows %}
{% do shapes.append({
    'segmentation': row[0], 'dataset': row[1], 'clusters': row[2] | int, 'features': features[row[0]] | length
}) if row[0] in features %}
{% endfor %}
{% endif %}
with

{% for shape in shapes %}
{% set centroids = "(select alternatives.*, '' as model_version from " ~ alternatives
    ~ ' as alternatives where k = ' ~ shape.clusters ~ ')' %}
{{ nearest_clusters(shape, inputs, centroids, named=shape.segmentation ~ '_' ~ shape.clusters) }},

{% endfor %}
measured as (

    {% for shape in shapes %}
    {% set columns = features[shape.segmentation] %}
    select
        '{{ shape.segmentation }}' as segmentation,
        {{ shape.clusters }} as k,
        assigned.cluster_id,
        {% for position in range(1, width + 1) %}
        {% if position <= columns | length %}
        {{ exact_mean('cast(customers.' ~ columns[position - 1] ~ ' as double)') }} as mean_{{ position }},
        {% else %}
        cast(null as double) as mean_{{ position }},
        {% endif %}
        {% endfor %}
        count(*) as customers
    from {{ shape.segmentation }}_{{ shape.clusters }}_assigned as assigned
    inner join {{ ref(shape.dataset ~ '_customer_features') }} as customers
        on assigned.customer_id = customers.customer_id
    group by assigned.cluster_id
    {{ 'union all' if not loop.last }}
    {% else %}
    {% set means = [] %}
    {% for position in range(1, width + 1) %}{% do means.append('mean_' ~ position) %}{% endfor %}
    {{ no_rows(['segmentation'], int=['k', 'cluster_id'], double=means, bigint=['customers']) }}
    {% endfor %}

),

alternatives as (

    select
        clusters.segmentation,
        clusters.dataset,
        clusters.k,
        clusters.cluster_id,
        persona_definitions.display_name as persona,
        clusters.match_distance,
        coalesce(measured.customers, 0) as customers,
        clusters.feature,
        case clusters.position
            {% for position in range(1, width + 1) %}
            when {{ position }} then measured.mean_{{ position }}
            {% endfor %}
        end as mean,
        false as is_in_use
    from {{ alternatives }} as clusters
    left join measured
        on
            clusters.segmentation = measured.segmentation
            and clusters.k = measured.k
            and clusters.cluster_id = measured.cluster_id
    left join {{ ref('persona_definitions') }} as persona_definitions
        on
            clusters.segmentation = persona_definitions.segmentation
            and clusters.persona = persona_definitions.persona

),

in_use as (

    select
        segments.segmentation,
        segments.dataset,
        segmentation_fits.k,
        segments.cluster_id,
        segments.persona,
        personas.match_distance,
        segments.customers,
        segment_profiles.feature,
        segment_profiles.mean,
        true as is_in_use
    from {{ ref('segments') }} as segments
    inner join {{ ref('segmentation_fits') }} as segmentation_fits
        on segments.segmentation = segmentation_fits.segmentation
    inner join {{ ref('personas') }} as personas
        on
            segments.segmentation = personas.segmentation
            and segments.cluster_id = personas.cluster_id
    inner join {{ ref('segment_profiles') }} as segment_profiles
        on
            segments.segmentation = segment_profiles.segmentation
            and segments.cluster_id = segment_profiles.cluster_id
    inner join {{ ref('segmentation_features') }} as segmentation_features
        on
            segments.segmentation = segmentation_features.segmentation
            and segment_profiles.feature = segmentation_features.feature

),

compared as (

    select * from in_use
    union all
    select * from alternatives

),

final as (

    select
        compared.segmentation,
        compared.dataset,
        compared.k,
        compared.cluster_id,
        compared.persona,
        compared.match_distance,
        cast(compared.customers as bigint) as customers,
        compared.customers
        / cast(sum(compared.customers) over (
            partition by compared.segmentation, compared.k, compared.feature
        ) as double) as share_of_customers,
        compared.feature,
        features.label,
        features.unit,
        compared.mean,
        feature_statistics.mean as population_mean,
        compared.is_in_use
    from compared
    inner join {{ ref('features') }} as features
        on
            compared.dataset = features.dataset
            and compared.feature = features.feature
    inner join {{ ref('feature_statistics') }} as feature_statistics
        on
            compared.dataset = feature_statistics.dataset
            and compared.feature = feature_statistics.feature

)

select
    final.*,
    {{ is_synthetic_dataset('final.dataset') }} as is_synthetic
from final
