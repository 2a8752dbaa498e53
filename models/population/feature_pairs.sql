-- One row per dataset and pair of features: sums of products of their values over the customers who have both.
-- Each pair is a pass over two columns, 70 seconds for 10 million customers with 55 pairs; joining a long table with
-- itself was not done after five minutes.
-- Values are differences from the mean, scaled so that the largest is 1: sums of decimals are then exact for any number
-- of customers.
{% for dataset in names_in_var('datasets') %}{% do ref(dataset ~ '_customer_features') %}{% endfor %}
{% set products = [
    'x', 'y', 'x * x', 'x * y', 'y * y', 'x * x * x', 'x * x * y', 'x * y * y', 'y * y * y',
    'x * x * x * x', 'y * y * y * y'
] %}
{% set selects = [] %}
with

scales as (

    select
        dataset,
        feature,
        mean,
        -- any value works for a feature without a spread
        coalesce(nullif(greatest(maximum - mean, mean - minimum), 0), 1) as reach
    from {{ ref('feature_statistics') }}

),

{% for dataset, rows in dataset_features() | groupby('dataset') %}
{% set features = rows | map(attribute='feature') | list %}
{{ dataset }}_scales as (

    select
        {% for feature in features %}
        max(case when feature = '{{ feature }}' then mean end) as mean_{{ loop.index }},
        max(case when feature = '{{ feature }}' then reach end) as reach_{{ loop.index }},
        {% endfor %}
        dataset
    from scales
    where dataset = '{{ dataset }}'
    group by dataset

),

{{ dataset }}_customers as ( -- noqa: ST03

    select
        {% for feature in features %}
        (customers.{{ feature }} - scales.mean_{{ loop.index }}) / scales.reach_{{ loop.index }} as {{ feature }},
        {% endfor %}
        customers.customer_id
    from {{ ref(dataset ~ '_customer_features') }} as customers
    cross join {{ dataset }}_scales as scales

),

{% for feature in features %}
{% for other_feature in features[loop.index:] %}
{% set one %}
    select
        '{{ dataset }}' as dataset,
        '{{ feature }}' as feature,
        '{{ other_feature }}' as other_feature,
        {% for product in products %}
        cast(sum(cast({{ product }} as decimal(18, 15))) as double) as sum_{{ product | replace(' * ', '') }},
        {% endfor %}
        count(*) as customers
    from (select {{ feature }} as x, {{ other_feature }} as y from {{ dataset }}_customers) as pairs
    where x is not null and y is not null
{% endset %}
{% do selects.append(one) %}
{% endfor %}
{% endfor %}
{% endfor %}
sums as (
    {% if selects %}
    {{ selects | join('union all') }}
    {% else %}
    select
        '' as dataset,
        '' as feature,
        '' as other_feature,
        {% for product in products %}
        cast(0 as double) as sum_{{ product | replace(' * ', '') }},
        {% endfor %}
        0 as customers
    where false
    {% endif %}
),

final as (

    select
        sums.*,
        scales.mean,
        scales.reach,
        other_scales.mean as other_mean,
        other_scales.reach as other_reach
    from sums
    inner join scales
        on sums.dataset = scales.dataset and sums.feature = scales.feature
    inner join scales as other_scales
        on sums.dataset = other_scales.dataset and sums.other_feature = other_scales.feature
    where {{ evidence_wanted() }}

)

select * from final
