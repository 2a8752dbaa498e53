-- One row per segmentation and sampled customer: the first customers in a random order that depends only on their ids
-- and the seed. The sample of n customers is `sample_number <= n`, so larger samples contain smaller ones.
{% set sizes = [var('evidence_customers'), var('picture_customers'), var('resampling_customers')] %}
{% set wanted = sizes | map('int') | max %}
{% set width = segmentation_inputs_wanted() | map(attribute='features') | map('length') | max %}
with

sizes as (

    select
        segmentation_inputs.segmentation,
        count(*) as customers
    from {{ ref('segmentation_inputs') }} as segmentation_inputs
    inner join {{ ref('applied_segmentations') }} as segmentations
        on segmentation_inputs.segmentation = segmentations.segmentation
    where
        {{ evidence_wanted() }}
        -- the number of segments is chosen on the sample
        or segmentations.k is null
    group by segmentation_inputs.segmentation

),

drawn as (

    select
        segmentation_inputs.*,
        sizes.customers,
        md5(segmentation_inputs.customer_id || ' {{ var("random_seed") }}') as draw
    from {{ ref('segmentation_inputs') }} as segmentation_inputs
    inner join sizes
        on segmentation_inputs.segmentation = sizes.segmentation

),

-- The customers wanted are those with the smallest draws. With many customers, only draws that begin with zeros can be
-- among them, so the rest need not be sorted; each zero keeps one customer in sixteen.
candidates as (

    select * from drawn
    where
        (customers < {{ 16 * (2 * wanted + 100) }} or draw < '1')
        and (customers < {{ 256 * (2 * wanted + 100) }} or draw < '01')
        and (customers < {{ 4096 * (2 * wanted + 100) }} or draw < '001')

),

ranked as (

    select
        candidates.*,
        row_number() over (partition by segmentation order by draw, customer_id) as sample_number
    from candidates

),

final as (

    select
        segmentation,
        dataset,
        customer_id,
        {% for position in range(1, width + 1) %}
        value_{{ position }},
        {% endfor %}
        cast(sample_number as int) as sample_number
    from ranked
    where sample_number <= {{ wanted }}

)

select * from final
