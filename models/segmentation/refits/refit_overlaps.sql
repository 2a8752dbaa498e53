-- One row per segmentation with a new fit, cluster of the model before and cluster of the new one that share customers:
-- how many of today's, and how far they are from both centres, in the scaled units of the new fit.
{% set inputs, champions, challengers = ref('segmentation_inputs'), ref('champions'), ref('challengers') %}
{% set champion_shapes = {} %}
{% for shape in scorable_shapes(champions) %}{% do champion_shapes.update({shape.segmentation: shape}) %}{% endfor %}
{% set shapes = scorable_shapes(challengers) | selectattr('segmentation', 'in', champion_shapes) | list %}
with

{% for shape in shapes %}
{% set name, positions, values = shape.segmentation, range(1, shape.features + 1), [] %}
{% for position in positions %}{% do values.append('value_' ~ position) %}{% endfor %}
{{ nearest_clusters(champion_shapes[name], inputs, champions, values, named='champion_of_' ~ name) }},

{{ name }}_champion_customers as (

    select
        '{{ name }}' as segmentation,
        customer_id,
        cluster_id as champion_cluster_id,
        {{ values | join(', ') }}
    from champion_of_{{ name }}_assigned

),

{{ name }}_champion_centres as (

    select
        cluster_id
        {%- for position in positions %},
        max(case when position = {{ position }} then scaler_center + scaled_centroid * scaler_scale end)
            as centre_{{ position }}
        {%- endfor %}
    from {{ champions }}
    where segmentation = '{{ name }}'
    group by cluster_id

),

{{ name }}_scales as (

    select
        {% for position in positions %}
        max(case when position = {{ position }} then scaler_scale end) as scale_{{ position }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ challengers }}
    where segmentation = '{{ name }}'

),

{{ nearest_clusters(shape, name ~ '_champion_customers', challengers, ['champion_cluster_id'] + values) }},

{% endfor %}
final as (

    {% for shape in shapes %}
    {% set name, parts = shape.segmentation, [] %}
    select
        '{{ name }}' as segmentation,
        assigned.champion_cluster_id,
        assigned.cluster_id,
        count(*) as customers,
        {{ exact_sum('assigned.squared') }} as inertia,
        {% for position in range(1, shape.features + 1) %}
        {% set part = '(assigned.value_' ~ position ~ ' - centres.centre_' ~ position ~ ') / scales.scale_' ~ position %}
        {% do parts.append('(' ~ part ~ ') * (' ~ part ~ ')') %}
        {% endfor %}
        {{ exact_sum(parts | join(' + ')) }} as champion_inertia
    from {{ name }}_assigned as assigned
    inner join {{ name }}_champion_centres as centres
        on assigned.champion_cluster_id = centres.cluster_id
    cross join {{ name }}_scales as scales
    group by assigned.champion_cluster_id, assigned.cluster_id
    {{ 'union all' if not loop.last }}
    {% endfor %}
    {{ no_rows(
        ['segmentation'], int=['champion_cluster_id', 'cluster_id'], bigint=['customers'],
        double=['inertia', 'champion_inertia']
    ) if not shapes }}

)

select * from final
