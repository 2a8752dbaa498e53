-- One row per segmentation and position: how many customers there are, how their values are spread, what they are scaled
-- by, and whether the fit can look at all of them or at a sample.
-- Values are added as shares of their range: exact in whichever order, for values of any size.
{% set wanted = segmentation_inputs_wanted() %}
with

{% for segmentation in wanted %}
{% set name, positions = segmentation.segmentation, range(1, segmentation.features | length + 1) %}
{% set values = [] %}
{% for position in positions %}{% do values.append('value_' ~ position) %}{% endfor %}
{{ name }}_ranges as (

    select
        {% for position in positions %}
        min(value_{{ position }}) as minimum_{{ position }},
        max(value_{{ position }}) as maximum_{{ position }},
        nullif(max(value_{{ position }}) - min(value_{{ position }}), 0) as range_{{ position }},
        {% endfor %}
        {{ approximate_distinct_rows(values) }} as distinct_rows,
        count(*) as customers
    from {{ ref('segmentation_inputs') }}
    where segmentation = '{{ name }}'

),

{{ name }}_means as (

    select
        {% for position in positions %}
        {{ mean_of_shares('(inputs.value_' ~ position ~ ' - ranges.minimum_' ~ position ~ ') / ranges.range_' ~ position) }}
            as mean_{{ position }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('segmentation_inputs') }} as inputs
    cross join {{ name }}_ranges as ranges
    where inputs.segmentation = '{{ name }}'

),

{{ name }}_variances as (

    select
        {% for position in positions %}
        {% set difference = '((inputs.value_' ~ position ~ ' - ranges.minimum_' ~ position ~ ') / ranges.range_' ~ position
            ~ ' - means.mean_' ~ position ~ ')' %}
        {{ mean_of_shares(difference ~ ' * ' ~ difference) }} as variance_{{ position }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('segmentation_inputs') }} as inputs
    cross join {{ name }}_ranges as ranges
    cross join {{ name }}_means as means
    where inputs.segmentation = '{{ name }}'

),

{% endfor %}
measured as (

    {% for segmentation in wanted %}
    {% set outer_last = loop.last %}
    {% for position in range(1, segmentation.features | length + 1) %}
    select
        '{{ segmentation.segmentation }}' as segmentation,
        '{{ segmentation.dataset }}' as dataset,
        {{ position }} as position,
        ranges.customers,
        ranges.distinct_rows,
        ranges.minimum_{{ position }} as minimum,
        ranges.maximum_{{ position }} as maximum,
        ranges.minimum_{{ position }} + coalesce(ranges.range_{{ position }} * means.mean_{{ position }}, 0) as mean,
        coalesce(ranges.range_{{ position }} * sqrt(variances.variance_{{ position }}), 0) as standard_deviation
    from {{ segmentation.segmentation }}_ranges as ranges
    cross join {{ segmentation.segmentation }}_means as means
    cross join {{ segmentation.segmentation }}_variances as variances
    {{ 'union all' if not (outer_last and loop.last) }}
    {% endfor %}
    {% endfor %}

),

final as (

    select
        measured.*,
        case segmentations.scaling
            when 'standard' then measured.mean
            when 'min_max' then measured.minimum
            else 0.0
        end as scaler_center,
        case segmentations.scaling
            when 'standard' then measured.standard_deviation
            when 'min_max' then measured.maximum - measured.minimum
            else 1.0
        end / segmentation_features.weight as scaler_scale,
        measured.customers > {{ var('exact_customers') }} and measured.distinct_rows > {{ var('coreset_customers') }}
            as is_sampled
    from measured
    inner join {{ ref('segmentations') }} as segmentations
        on measured.segmentation = segmentations.segmentation
    inner join {{ ref('segmentation_features') }} as segmentation_features
        on
            measured.segmentation = segmentation_features.segmentation
            and measured.position = segmentation_features.position

)

select * from final
