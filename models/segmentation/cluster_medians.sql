-- One row per segmentation, cluster and feature of the segmentation: the median of the cluster's customers, which
-- segment descriptions and persona checks call typical. The centre of a feature that is clustered on a log scale lies
-- far below it. Persona names depend on this model, so it assigns customers itself, before they have names.
{% for dataset in names_in_var('datasets') %}{% do ref(dataset ~ '_customer_features') %}{% endfor %}
{% set inputs, centroids = ref('segmentation_inputs'), ref('fitted_clusters') %}
{% set features = {} %}
{% for one in segmentation_inputs_wanted() %}
{% do features.update({one.segmentation: one.features | map(attribute='feature') | list}) %}
{% endfor %}
{% set are_many = are_many_values(
    inputs, 'select count(*) * ' ~ features.values() | map('length') | max ~ ' from ' ~ inputs
) %}
with

{% for shape in fitted_shapes() %}
{% set name, columns = shape.segmentation, features.get(shape.segmentation, []) %}
{% set customers = ref(shape.dataset ~ '_customer_features') %}
{{ nearest_clusters(shape, inputs, centroids) }},

{{ name }}_members as (

    select
        {% for column in columns %}
        cast(customers.{{ column }} as double) as {{ column }},
        {% endfor %}
        nearest.cluster_id
    from {{ name }}_assigned as nearest
    inner join {{ customers }} as customers
        on nearest.customer_id = customers.customer_id

),

{{ name }}_medians as (
    {% if are_many %}
    {{ counted_quantiles(name ~ '_members', ['cluster_id'], columns, {'median': 0.5}) | indent }}
    {% else %}
    {% for column in columns %}
    select
        cluster_id,
        '{{ column }}' as feature,
        {{ quantile(column, 0.5) }} as median
    from {{ name }}_members
    group by cluster_id
    {{ 'union all' if not loop.last }}
    {% else %}
    {# before the first fit, whose shape may differ from the requested ones #}
    select
        cluster_id,
        '' as feature,
        cast(null as double) as median
    from {{ name }}_members
    where false
    {% endfor %}
    {% endif %}
),

{% endfor %}
medians as (

    {% for shape in fitted_shapes() %}
    select
        '{{ shape.segmentation }}' as segmentation,
        cluster_id,
        feature,
        median
    from {{ shape.segmentation }}_medians
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

final as (

    -- a cluster of a stored model may have lost all its customers
    select
        fitted_clusters.segmentation,
        fitted_clusters.cluster_id,
        fitted_clusters.position,
        fitted_clusters.feature,
        medians.median
    from {{ centroids }} as fitted_clusters
    left join medians
        on
            fitted_clusters.segmentation = medians.segmentation
            and fitted_clusters.cluster_id = medians.cluster_id
            and fitted_clusters.feature = medians.feature

)

select * from final
