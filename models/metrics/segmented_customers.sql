-- One row per segmentation and customer, with the columns that metrics are computed from: customer attributes, the
-- offer and the certainty of the segment.
{% set known = {
    'gender': dbt.type_string(), 'age': 'double', 'annual_income_k': 'double', 'spending_score': 'double',
    'monetary_value': 'double'
} %}
with

primary_campaigns as (

    {{ primary_campaigns(ref('campaign_recommendations')) }}

),

customers as (

    {% for dataset in names_in_var('datasets') %}
    {% set columns = columns_of_features(dataset) %}
    select
        '{{ dataset }}' as dataset,
        {% for column, type in known.items() %}
        {{ column if column in columns else 'cast(null as ' ~ type ~ ')' }} as {{ column }},
        {% endfor %}
        customer_id
    from {{ ref(dataset ~ '_customer_features') }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

final as (

    select
        customer_segments.segmentation,
        customer_segments.dataset,
        customer_segments.customer_id,
        customer_segments.persona,
        primary_campaigns.campaign,
        primary_campaigns.channel,
        customers.gender,
        datasets.as_of_date,
        customers.age,
        customers.annual_income_k,
        customers.spending_score,
        customers.monetary_value,
        expected.expected_money_365_days,
        customer_segments.margin,
        1.0 / segmentation_fits.customers as share_of_segmentation,
        customer_segments.is_borderline,
        segmentation_fits.is_default,
        datasets.is_synthetic
    from {{ ref('customer_segments') }} as customer_segments
    inner join {{ ref('segmentation_fits') }} as segmentation_fits
        on customer_segments.segmentation = segmentation_fits.segmentation
    inner join {{ ref('datasets') }} as datasets
        on customer_segments.dataset = datasets.dataset
    left join primary_campaigns
        on
            customer_segments.segmentation = primary_campaigns.segmentation
            and customer_segments.persona = primary_campaigns.persona
    inner join customers
        on
            customer_segments.dataset = customers.dataset
            and customer_segments.customer_id = customers.customer_id
    left join {{ ref('customer_lifetime_value') }} as expected
        on
            customer_segments.dataset = expected.dataset
            and customer_segments.customer_id = expected.customer_id

)

select * from final
