-- One row per dataset, category column and value: how many customers are in each group, whatever their features.
{% for dataset in names_in_var('datasets') %}{% do ref(dataset ~ '_customer_features') %}{% endfor %}
{% set selects = [] %}
{% for column in category_columns() %}
{% set one %}
    select
        '{{ column.dataset }}' as dataset,
        '{{ column.category }}' as category,
        coalesce({{ column.category }}, 'none') as category_value
    from {{ ref(column.dataset ~ '_customer_features') }}
{% endset %}
{% do selects.append(one) %}
{% endfor %}
with

customers as (
    {{ selects | join('union all') or no_rows(['dataset', 'category', 'category_value']) }}
),

final as (

    select
        dataset,
        category,
        category_value,
        count(*) as customers,
        count(*) / cast(sum(count(*)) over (partition by dataset, category) as double) as share_of_customers
    from customers
    where {{ evidence_wanted() }}
    group by dataset, category, category_value

)

select
    final.*,
    {{ is_synthetic_dataset('final.dataset') }} as is_synthetic
from final
