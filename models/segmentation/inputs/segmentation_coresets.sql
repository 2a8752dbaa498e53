-- One row per segmentation and weighted point in the space of its features:
-- the input of the fit. Few customers, or few distinct ones, are all included, with identical customers as one row
-- weighted by their number. Otherwise a weighted sample is drawn.
{% set wanted, sampled = segmentation_inputs_wanted(), sampled_segmentations() %}
{% set inputs, statistics = ref('segmentation_inputs'), ref('segmentation_statistics') %}
{% set width = wanted | map(attribute='features') | map('length') | max %}
with

{% for segmentation in wanted if segmentation.segmentation in sampled %}
{{ coreset(segmentation.segmentation, segmentation.features | length, inputs, statistics) }},
{% endfor %}

final as (

    {% for segmentation in wanted %}
    {% set is_sampled = segmentation.segmentation in sampled %}
    select
        segmentation,
        dataset,
        {% for position in range(1, width + 1) %}
        value_{{ position }},
        {% endfor %}
        {{ 'weight' if is_sampled else 'cast(count(*) as double)' }} as weight,
        {{ 'uniform_draw' if is_sampled else 'cast(null as double)' }} as uniform_draw
    from {{ segmentation.segmentation ~ '_coreset' if is_sampled else inputs }}
    {% if not is_sampled %}
    where segmentation = '{{ segmentation.segmentation }}'
    group by segmentation, dataset{% for position in range(1, width + 1) %}, value_{{ position }}{% endfor %}

    {% endif %}
    {{ 'union all' if not loop.last }}
    {% endfor %}

)

select * from final
