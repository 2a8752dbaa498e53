-- One row per pair of clusters of two segmentations of a dataset that share customers: how many. For large datasets, it
-- counts a fixed sample of a few thousand customers, which is enough for colours; `segment_crosswalk` counts all of
-- them.
{% set inputs, centroids = ref('segmentation_inputs'), ref('fitted_clusters') %}
{% set wanted = var('picture_customers') | int %}
with

counted as (

    select
        segmentation,
        dataset,
        count(*) as customers
    from {{ inputs }}
    group by segmentation, dataset

),

sizes as (

    select
        dataset,
        cast(greatest(0, ceil(ln(max(customers) / {{ 16 * wanted }}) / ln(16))) as int) as zeros
    from counted
    group by dataset
    having count(*) > 1

),

-- each leading zero of the draw keeps one customer in sixteen
inputs as (

    select inputs.*
    from {{ inputs }} as inputs
    inner join sizes
        on inputs.dataset = sizes.dataset
    where md5(inputs.customer_id) < repeat('0', sizes.zeros) || 'g'

),

{% for shape in fitted_shapes() %}
{{ nearest_clusters(shape, 'inputs', centroids) }},

{% endfor %}
assigned as (

    {% for shape in fitted_shapes() %}
    select
        '{{ shape.dataset }}' as dataset,
        '{{ shape.segmentation }}' as segmentation,
        customer_id,
        cluster_id
    from {{ shape.segmentation }}_assigned
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

final as (

    select
        assigned.dataset,
        assigned.segmentation,
        assigned.cluster_id,
        others.segmentation as other_segmentation,
        others.cluster_id as other_cluster_id,
        count(*) as customers
    from assigned
    inner join assigned as others
        on assigned.dataset = others.dataset and assigned.customer_id = others.customer_id
    where assigned.segmentation <> others.segmentation
    group by
        assigned.dataset, assigned.segmentation, assigned.cluster_id, others.segmentation, others.cluster_id

)

select * from final
