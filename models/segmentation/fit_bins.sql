-- One row per segmentation, measure and bin of a model that the history does not have yet: the customers at the fit
-- whom later ones are compared with. Bins of figures are tenths of the customers, of many customers those of a fixed
-- sample; clusters are their own bins.
{% set inputs, centroids = ref('segmentation_inputs'), ref('fitted_clusters') %}
{% set shapes = unrecorded_shapes() %}
{% set tenths = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9] %}
with

{% for shape in shapes %}
{{ measured_customers(shape, inputs, centroids) }},

{{ shape.segmentation }}_size as (

    select
        cast(greatest(0, ceil(ln(count(*) / {{ 16 * var('picture_customers') | int }}) / ln(16))) as int) as zeros
    from {{ shape.segmentation }}_measured

),

-- each leading zero of the draw keeps one customer in sixteen; equal limits, as of many equal values, are one
{{ shape.segmentation }}_tenths as (

    select
        {% for measure in drift_measures(shape) if measure != 'segment' %}
        list_sort(list_distinct(quantile_disc(measured.measure_{{ loop.index }}, {{ tenths }})))
            as upper_values_{{ loop.index }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ shape.segmentation }}_measured as measured
    cross join {{ shape.segmentation }}_size as size
    where md5(measured.customer_id) < repeat('0', size.zeros) || 'g'

),

{% endfor %}
limits as (

    {% for shape in shapes %}
    {% for measure in drift_measures(shape) if measure != 'segment' %}
    select
        '{{ shape.segmentation }}' as segmentation,
        '{{ measure }}' as measure,
        upper_values_{{ loop.index }} as upper_values,
        cast(null as double) as lowest_value,
        cast(null as double) as highest_value
    from {{ shape.segmentation }}_tenths
    {{ 'union all' if not loop.last }}
    {% endfor %}
    {{ 'union all' if not loop.last }}
    {% endfor %}
    {{ no_rows(['segmentation', 'measure'], **{'double[]': ['upper_values']}) if not shapes }}

),

{% for shape in shapes %}
{% set numbers = range(1, drift_measures(shape) | length + 1) %}
{{ binned_customers(shape, 'limits') }},

-- customers who are in the same bins together, so that all measures need one pass
{{ shape.segmentation }}_counted as (

    select
        {% for number in numbers %}
        bin_{{ number }},
        min(measure_{{ number }}) as lowest_{{ number }},
        max(measure_{{ number }}) as highest_{{ number }},
        {% endfor %}
        count(*) as customers
    from {{ shape.segmentation }}_binned
    group by {% for number in numbers %}bin_{{ number }}{{ ', ' if not loop.last }}{% endfor %}

),

{% endfor %}
counted as (

    {% for shape in shapes %}
    {% for measure in drift_measures(shape) %}
    select
        '{{ shape.segmentation }}' as segmentation,
        '{{ measure }}' as measure,
        bin_{{ loop.index }} as bin,
        cast(sum(customers) as bigint) as customers,
        min(lowest_{{ loop.index }}) as lowest_value,
        max(highest_{{ loop.index }}) as highest_value
    from {{ shape.segmentation }}_counted
    group by bin_{{ loop.index }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
    {{ 'union all' if not loop.last }}
    {% endfor %}
    {{ no_rows(
        ['segmentation', 'measure'], int=['bin'], bigint=['customers'], double=['lowest_value', 'highest_value']
    ) if not shapes }}

),

models as (

    select distinct
        segmentation,
        dataset,
        model_version
    from {{ centroids }}

),

final as (

    select
        models.dataset,
        days.day,
        counted.segmentation,
        models.model_version,
        counted.measure,
        counted.bin,
        limits.upper_values[counted.bin] as upper_value,
        counted.lowest_value,
        counted.highest_value,
        counted.customers
    from counted
    inner join models
        on counted.segmentation = models.segmentation
    inner join {{ ref('build_days') }} as days
        on models.dataset = days.dataset
    left join limits
        on counted.segmentation = limits.segmentation and counted.measure = limits.measure

)

select * from final
