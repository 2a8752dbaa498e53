{#
    Puts customers into bins. Continues where measured_customers() ends, and ends in <segmentation>_binned: beside the
    measures, bin_1, bin_2 and so on, and is_outside_1, is_outside_2 and so on for values beyond the lowest or the
    highest. A bin is one more than the number of upper limits, at most nine in order, that the value exceeds; a
    segment is its own bin. `limits` has segmentation, measure, upper_values, lowest_value and highest_value. They are
    turned into one row, so that each customer is read once, whatever the number of measures.
    Example:
        with {{ measured_customers(shape, ref('segmentation_inputs'), ref('fitted_clusters')) }},
        {{ binned_customers(shape, 'limits') }}
        select * from <segmentation>_binned
#}
{% macro binned_customers(shape, limits) %}
{%- set measures, name = customer_segmentation.drift_measures(shape), shape.segmentation -%}
{{ name }}_limits as (

    select
        {%- for measure in measures %}
        {%- set number = loop.index %}
        {%- if measure != 'segment' %}
        {%- for place in range(1, 10) %}
        max(case when measure = '{{ measure }}' then upper_values[{{ place }}] end) as upper_{{ number }}_{{ place }},
        {%- endfor %}
        {%- endif %}
        max(case when measure = '{{ measure }}' then lowest_value end) as lowest_{{ number }},
        max(case when measure = '{{ measure }}' then highest_value end)
            as highest_{{ number }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ limits }}
    where segmentation = '{{ name }}'

),

{{ name }}_binned as (

    select
        measured.*,
        {%- for measure in measures %}
        {%- set number = loop.index %}
        {%- if measure == 'segment' %}
        cast(measure_{{ number }} as int) as bin_{{ number }},
        {%- else %}
        1
        {%- for place in range(1, 10) %}
        + case when measure_{{ number }} > upper_{{ number }}_{{ place }} then 1 else 0 end
        {%- endfor %} as bin_{{ number }},
        {%- endif %}
        measure_{{ number }} < lowest_{{ number }} or measure_{{ number }} > highest_{{ number }}
            as is_outside_{{ number }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ name }}_measured as measured
    cross join {{ name }}_limits as limits

)
{%- endmacro %}
