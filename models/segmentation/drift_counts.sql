-- One row per segmentation, measure and bin of the model of the last recorded day: how many customers were in the bin
-- at the fit, and how many are today, when that model looks at them.
with

{{ measured_customers(scorable_shapes(ref('recorded_models')), ref('segmentation_inputs'), ref('recorded_models')) }},

recorded_versions as (

    select distinct
        segmentation,
        model_version
    from {{ ref('recorded_models') }}

),

numbered as (

    select
        bins.*,
        row_number() over (
            partition by bins.segmentation, bins.measure, bins.bin
            order by bins.day desc
        ) as place
    from ({{ recorded_rows('fit_bins') }}) as bins
    inner join recorded_versions
        on bins.segmentation = recorded_versions.segmentation and bins.model_version = recorded_versions.model_version

),

bins as (

    select * from numbered
    where place = 1

),

limits as (

    select
        segmentation,
        measure,
        list(upper_value order by bin) filter (where upper_value is not null) as upper_values,
        min(lowest_value) as lowest_value,
        max(highest_value) as highest_value
    from bins
    group by segmentation, measure

),

today as (

    select
        measured.segmentation,
        measured.measure,
        {{ bin_of('measured.measure', 'measured.value', 'limits.upper_values') }} as bin,
        measured.value < limits.lowest_value or measured.value > limits.highest_value as is_outside
    from measured
    inner join limits
        on measured.segmentation = limits.segmentation and measured.measure = limits.measure

),

counted as (

    select
        segmentation,
        measure,
        bin,
        count(*) as customers,
        sum(case when is_outside then 1 else 0 end) as customers_outside
    from today
    group by segmentation, measure, bin

),

final as (

    select
        coalesce(bins.segmentation, counted.segmentation) as segmentation,
        coalesce(bins.measure, counted.measure) as measure,
        coalesce(bins.bin, counted.bin) as bin,
        coalesce(bins.customers, 0) as customers_then,
        coalesce(counted.customers, 0) as customers_now,
        coalesce(counted.customers_outside, 0) as customers_outside
    from bins
    full outer join counted
        on
            bins.segmentation = counted.segmentation
            and bins.measure = counted.measure
            and bins.bin = counted.bin

)

select * from final
