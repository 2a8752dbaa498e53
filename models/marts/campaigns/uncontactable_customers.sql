-- One row per dataset and customer who must not be contacted: listed in contact_suppressions, or without the consent
-- that contact_rules asks for.
{% for dataset in names_in_var('datasets') %}{% do ref(dataset ~ '_customer_features') %}{% endfor %}
with

barred as (

    select
        dataset,
        customer_id,
        'suppressed' as reason
    from {{ ref('contact_suppressions') }}

    {% for column in consent_columns() %}
    union all

    select
        '{{ column.dataset }}' as dataset,
        customer_id,
        'no consent' as reason
    from {{ ref(column.dataset ~ '_customer_features') }}
    where coalesce(lower(cast({{ column.column }} as {{ dbt.type_string() }})), '') not in ('yes', 'y', 'true', '1')
    {% endfor %}

),

final as (

    select
        dataset,
        customer_id,
        max(reason) as reason
    from barred
    group by dataset, customer_id

)

select * from final
