-- Fails for customers with a segment or an RFM score who are not in the feature mart of their dataset, which is another
-- table for each dataset.
{% for table in ['customer_segments', 'rfm_scores'] %}
{% set outer = loop %}
{% for dataset in names_in_var('datasets') %}
select
    '{{ table }}' as found_in,
    customers.dataset,
    customers.customer_id
from {{ ref(table) }} as customers
where
    customers.dataset = '{{ dataset }}'
    and not exists (
        select 1
        from {{ ref(dataset ~ '_customer_features') }} as features
        where features.customer_id = customers.customer_id
    )
{{ 'union all' if not (loop.last and outer.last) }}
{% endfor %}
{% endfor %}
