{#
    How many customers a segmentation has and how their values are spread, one row per position, as common table
    expressions that end in <name>_spread. Values are added as shares of their range: exact in any order, for values of
    any size.
    Example:
        with {{ value_spread('shop_segments', 'shop', 2, ref('segmentation_inputs')) }}
        select * from shop_segments_spread
#}
{% macro value_spread(name, dataset, features, inputs) %}
{%- set positions = range(1, features + 1) -%}
{%- set values = [] -%}
{%- for position in positions %}{% do values.append('value_' ~ position) %}{% endfor -%}
{{ name }}_ranges as (

    select
        {%- for position in positions %}
        min(value_{{ position }}) as minimum_{{ position }},
        max(value_{{ position }}) as maximum_{{ position }},
        nullif(max(value_{{ position }}) - min(value_{{ position }}), 0) as range_{{ position }},
        {%- endfor %}
        {{ customer_segmentation.approximate_distinct_rows(values) }} as distinct_rows,
        count(*) as customers
    from {{ inputs }}
    where segmentation = '{{ name }}'

),

{{ name }}_means as (

    select
        {%- for position in positions %}
        {{ customer_segmentation.mean_of_shares(
            '(inputs.value_' ~ position ~ ' - ranges.minimum_' ~ position ~ ') / ranges.range_' ~ position
        ) }}
            as mean_{{ position }},
        {%- endfor %}
        count(*) as customers
    from {{ inputs }} as inputs
    cross join {{ name }}_ranges as ranges
    where inputs.segmentation = '{{ name }}'

),

{{ name }}_variances as (

    select
        {%- for position in positions %}
        {%- set difference = '((inputs.value_' ~ position ~ ' - ranges.minimum_' ~ position ~ ') / ranges.range_'
            ~ position
            ~ ' - means.mean_' ~ position ~ ')' %}
        {{ customer_segmentation.mean_of_shares(difference ~ ' * ' ~ difference) }} as variance_{{ position }},
        {%- endfor %}
        count(*) as customers
    from {{ inputs }} as inputs
    cross join {{ name }}_ranges as ranges
    cross join {{ name }}_means as means
    where inputs.segmentation = '{{ name }}'

),

{{ name }}_spread as (

    {%- for position in positions %}
    select
        '{{ name }}' as segmentation,
        '{{ dataset }}' as dataset,
        {{ position }} as position,
        ranges.customers,
        ranges.distinct_rows,
        ranges.minimum_{{ position }} as minimum,
        ranges.maximum_{{ position }} as maximum,
        ranges.minimum_{{ position }} + coalesce(ranges.range_{{ position }} * means.mean_{{ position }}, 0) as mean,
        coalesce(ranges.range_{{ position }} * sqrt(variances.variance_{{ position }}), 0) as standard_deviation
    from {{ name }}_ranges as ranges
    cross join {{ name }}_means as means
    cross join {{ name }}_variances as variances
    {{ 'union all' if not loop.last }}
    {%- endfor %}

)
{%- endmacro %}
