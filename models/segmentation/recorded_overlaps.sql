-- One row per segmentation with a new model, cluster of that model and segment of the last recorded day that share
-- customers: how many.
{% set inputs, centroids, recorded = ref('segmentation_inputs'), ref('fitted_clusters'), ref('recorded_segments') %}
{% set shapes = refitted_segmentations() %}
with

{% for shape in shapes %}
{{ nearest_clusters(shape, inputs, centroids) }},

{% endfor %}
final as (

    {% for shape in shapes %}
    select
        '{{ shape.segmentation }}' as segmentation,
        assigned.cluster_id,
        recorded.segment_id,
        count(*) as customers
    from {{ shape.segmentation }}_assigned as assigned
    inner join {{ recorded }} as recorded
        on assigned.customer_id = recorded.customer_id
    where recorded.segmentation = '{{ shape.segmentation }}'
    group by assigned.cluster_id, recorded.segment_id
    {{ 'union all' if not loop.last }}
    {% endfor %}
    {{ no_rows(['segmentation'], int=['cluster_id', 'segment_id'], bigint=['customers']) if not shapes }}

)

select * from final
