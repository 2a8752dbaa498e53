-- One row per customer and feature of the datasets whose published figures are checked, if their data is still the
-- published data; no rows if it was replaced by other customers.
{% set checked = datasets_with_published_results() %}
select
    dataset,
    customer_id,
    feature,
    value
from {{ ref('feature_values') }}
where {{ evidence_wanted() }} and dataset in ({{ quoted_words(checked) or "''" }})
{% for dataset in checked if 'gender' in columns_of_features(dataset) %}
union all
select
    '{{ dataset }}' as dataset,
    customer_id,
    'is_woman' as feature,
    case when gender = 'female' then 1.0 else 0.0 end as value
from {{ ref(dataset ~ '_customer_features') }}
where {{ evidence_wanted() }}
{% endfor %}
