{#
    A weighted sample of the customers of a segmentation, as common table expressions that end in <name>_coreset: their
    values, `weight` and `uniform_draw`. For any centres, its inertia approximates that of all customers. Half of the
    probability of being drawn is the same for all, and half grows with the squared distance from the mean, so that
    outliers are not missed; customers with a low probability get a higher weight (O. Bachem, M. Lucic and A. Krause
    2018, Scalable k-means clustering via lightweight coresets). A hash of the id decides, so neither the order of rows
    nor the number of threads matters. `statistics` has the rows of the segmentation in `segmentation_statistics`.
    Example:
        with {{ coreset('shop_segments', 4, ref('segmentation_inputs'), ref('segmentation_statistics')) }}
        select * from shop_segments_coreset
#}
{% macro coreset(name, features, inputs, statistics) %}
{%- set positions = range(1, features + 1) -%}
{{ name }}_scales as (

    select
        {%- for position in positions %}
        max(case when position = {{ position }} then mean end) as mean_{{ position }},
        max(case when position = {{ position }} then 1 / nullif(scaler_scale, 0) end) as factor_{{ position }},
        {%- endfor %}
        max(customers) as customers,
        sum(standard_deviation * standard_deviation / (scaler_scale * scaler_scale)) as mean_square
    from {{ statistics }}
    where segmentation = '{{ name }}'

),

{{ name }}_placed as (

    select
        inputs.*,
        scales.customers,
        scales.mean_square,
        {%- for position in positions %}
        (inputs.value_{{ position }} - scales.mean_{{ position }})
        * scales.factor_{{ position }} as scaled_{{ position }},
        {%- endfor %}
        {{ customer_segmentation.row_hash("inputs.customer_id || ' " ~ var('random_seed') ~ "'") }} as uniform_draw
    from {{ inputs }} as inputs
    cross join {{ name }}_scales as scales
    where inputs.segmentation = '{{ name }}'

),

{{ name }}_expected as (

    select
        placed.*,
        {{ var('coreset_customers') }} / cast(customers as double) * (
            0.5 + 0.5 * (
                {%- for position in positions %}
                {{ '+ ' if not loop.first }}scaled_{{ position }} * scaled_{{ position }}
                {%- endfor %}
            ) / mean_square
        ) as expected_draws
    from {{ name }}_placed as placed

),

{{ name }}_coreset as (

    select
        expected.*,
        1 / least(expected_draws, 1) as weight
    from {{ name }}_expected as expected
    where uniform_draw < expected_draws

)
{%- endmacro %}
