-- One row per segmentation, measure and bin of a model that the history does not have yet: the customers at the fit
-- whom later ones are compared with. Bins of figures are tenths of the customers, of many customers those of a fixed
-- sample; clusters are their own bins.
{% set inputs, centroids = ref('segmentation_inputs'), ref('fitted_clusters') %}
{% set shapes = unrecorded_shapes() %}
{% set tenths = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9] %}
with

{{ measured_customers(shapes, inputs, centroids) }},

sizes as (

    select
        segmentation,
        cast(greatest(0, ceil(ln(count(*) / {{ 16 * var('picture_customers') | int }}) / ln(16))) as int) as zeros
    from measured
    where measure = 'segment'
    group by segmentation

),

-- each leading zero of the draw keeps one customer in sixteen; equal limits, as of many equal values, are one
limits as (

    select
        measured.segmentation,
        measured.measure,
        list_sort(list_distinct(quantile_disc(measured.value, {{ tenths }}))) as upper_values
    from measured
    inner join sizes
        on measured.segmentation = sizes.segmentation
    where
        measured.measure <> 'segment'
        and md5(measured.customer_id) < repeat('0', sizes.zeros) || 'g'
    group by measured.segmentation, measured.measure

),

binned as (

    select
        measured.segmentation,
        measured.measure,
        measured.value,
        limits.upper_values,
        {{ bin_of('measured.measure', 'measured.value', 'limits.upper_values') }} as bin
    from measured
    left join limits
        on measured.segmentation = limits.segmentation and measured.measure = limits.measure

),

counted as (

    select
        segmentation,
        measure,
        bin,
        max(upper_values) as upper_values,
        count(*) as customers,
        min(value) as lowest_value,
        max(value) as highest_value
    from binned
    group by segmentation, measure, bin

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
        counted.upper_values[counted.bin] as upper_value,
        counted.lowest_value,
        counted.highest_value,
        counted.customers
    from counted
    inner join models
        on counted.segmentation = models.segmentation
    inner join {{ ref('build_days') }} as days
        on models.dataset = days.dataset

)

select * from final
