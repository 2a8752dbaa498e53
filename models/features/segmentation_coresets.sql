-- One row per segmentation and weighted place in the space of its features: what the fit looks at.
-- Few customers, or few different ones, are all there: equal ones are one row with their number as weight. Of more, each
-- is drawn by a hash of the id. Half of the chance is the same for all, half grows with the squared distance from the
-- mean, so that nobody far out is missed; who was unlikely counts more (Bachem, Lucic and Krause 2018).
{% set wanted, sampled = segmentation_inputs_wanted(), sampled_segmentations() %}
{% set width = wanted | map(attribute='features') | map('length') | max %}
with

{% for segmentation in wanted if segmentation.segmentation in sampled %}
{% set name, positions = segmentation.segmentation, range(1, segmentation.features | length + 1) %}
{{ name }}_model as (

    select
        {% for position in positions %}
        max(case when position = {{ position }} then mean end) as mean_{{ position }},
        max(case when position = {{ position }} then 1 / scaler_scale end) as factor_{{ position }},
        {% endfor %}
        max(customers) as customers,
        sum(standard_deviation * standard_deviation / (scaler_scale * scaler_scale)) as mean_square
    from {{ ref('segmentation_statistics') }}
    where segmentation = '{{ name }}'

),

{{ name }}_placed as (

    select
        inputs.*,
        model.customers,
        model.mean_square,
        {% for position in positions %}
        (inputs.value_{{ position }} - model.mean_{{ position }}) * model.factor_{{ position }} as scaled_{{ position }},
        {% endfor %}
        {{ row_hash(['inputs.customer_id', "'" ~ var('random_seed') ~ "'"]) }} as uniform_draw
    from {{ ref('segmentation_inputs') }} as inputs
    cross join {{ name }}_model as model
    where inputs.segmentation = '{{ name }}'

),

{{ name }}_expected as (

    select
        placed.*,
        {{ var('coreset_customers') }} / cast(customers as double) * (
            0.5 + 0.5 * (
                {% for position in positions %}
                {{ '+ ' if not loop.first }}scaled_{{ position }} * scaled_{{ position }}
                {% endfor %}
            ) / mean_square
        ) as expected_draws
    from {{ name }}_placed as placed

),

{% endfor %}
final as (

    {% for segmentation in wanted %}
    select
        segmentation,
        dataset,
        {% for position in range(1, width + 1) %}
        value_{{ position }},
        {% endfor %}
        {% if segmentation.segmentation in sampled %}
        1 / least(expected_draws, 1) as weight,
        uniform_draw
    from {{ segmentation.segmentation }}_expected
    where uniform_draw < expected_draws
        {% else %}
        cast(count(*) as double) as weight,
        cast(null as double) as uniform_draw
    from {{ ref('segmentation_inputs') }}
    where segmentation = '{{ segmentation.segmentation }}'
    group by segmentation, dataset{% for position in range(1, width + 1) %}, value_{{ position }}{% endfor %}

        {% endif %}
    {{ 'union all' if not loop.last }}
    {% endfor %}

)

select * from final
