-- One row per dataset and customer with the three RFM measures, as the seed `rfm_measures` defines them.
{{ stop_on_judgement_problems() }}
{% for dataset in names_in_var('datasets') %}{% do ref(dataset ~ '_customer_features') %}{% endfor %}
{% set read = rfm_features() %}
{% for dataset in read %}
select
    '{{ dataset.dataset }}' as dataset,
    customer_id,
    {% for measure in ['recency', 'frequency', 'monetary'] %}
    cast({{ dataset[measure] or 'null' }} as double) as {{ measure }},
    {% endfor %}
    cast('{{ dataset.counts_all_purchases }}' as boolean) as counts_all_purchases,
    cast('{{ dataset.has_amounts }}' as boolean) as has_amounts
from {{ ref(dataset.dataset ~ '_customer_features') }}
{{ 'union all' if not loop.last }}
{% endfor %}
{{ no_rows(
    ['dataset', 'customer_id'],
    double=['recency', 'frequency', 'monetary'],
    boolean=['counts_all_purchases', 'has_amounts']
) if not read }}
