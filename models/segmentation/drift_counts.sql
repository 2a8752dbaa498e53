-- One row per segmentation, measure and bin of the model of the last recorded day: how many customers were in the bin
-- at the fit, and how many are today, when that model looks at them.
{% set inputs, centroids = ref('segmentation_inputs'), ref('recorded_models') %}
{% set shapes = scorable_shapes(centroids) %}
with

recorded_versions as (

    select distinct
        segmentation,
        model_version
    from {{ centroids }}

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

{% for shape in shapes %}
{% set numbers = range(1, drift_measures(shape) | length + 1) %}
{{ measured_customers(shape, inputs, centroids) }},

{{ binned_customers(shape, 'limits') }},

-- customers who are in the same bins together, so that all measures need one pass
{{ shape.segmentation }}_counted as (

    select
        {% for number in numbers %}
        bin_{{ number }},
        is_outside_{{ number }},
        {% endfor %}
        count(*) as customers
    from {{ shape.segmentation }}_binned
    group by {% for number in numbers %}bin_{{ number }}, is_outside_{{ number }}{{ ', ' if not loop.last }}{% endfor %}

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
        cast(sum(case when is_outside_{{ loop.index }} then customers else 0 end) as bigint) as customers_outside
    from {{ shape.segmentation }}_counted
    group by bin_{{ loop.index }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
    {{ 'union all' if not loop.last }}
    {% endfor %}
    {{ no_rows(
        ['segmentation', 'measure'], int=['bin'], bigint=['customers', 'customers_outside']
    ) if not shapes }}

),

today as (

    select counted.*
    from counted
    inner join limits
        on counted.segmentation = limits.segmentation and counted.measure = limits.measure

),

final as (

    select
        coalesce(bins.segmentation, today.segmentation) as segmentation,
        coalesce(bins.measure, today.measure) as measure,
        coalesce(bins.bin, today.bin) as bin,
        coalesce(bins.customers, 0) as customers_then,
        coalesce(today.customers, 0) as customers_now,
        coalesce(today.customers_outside, 0) as customers_outside
    from bins
    full outer join today
        on
            bins.segmentation = today.segmentation
            and bins.measure = today.measure
            and bins.bin = today.bin

)

select * from final
