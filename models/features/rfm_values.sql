-- One row per dataset and customer with the three measures of the RFM reading, as the seed `rfm_measures` names them.
{{ stop_on_judgement_problems() }}
select
    feature_values.dataset,
    feature_values.customer_id,
    max(case when rfm_measures.measure = 'recency' then feature_values.value end) as recency,
    max(case when rfm_measures.measure = 'frequency' then feature_values.value end) as frequency,
    max(case when rfm_measures.measure = 'monetary' then feature_values.value end) as monetary,
    bool_and(rfm_measures.counts_all_purchases or rfm_measures.measure <> 'frequency') as counts_all_purchases
from {{ ref('feature_values') }} as feature_values
inner join {{ ref('rfm_measures') }} as rfm_measures
    on
        feature_values.dataset = rfm_measures.dataset
        and feature_values.feature = rfm_measures.feature
group by feature_values.dataset, feature_values.customer_id
