-- One row per segmentation and cluster: a short rule that describes the segment, and how well it fits all customers.
-- The rules are written out below, so coverage, purity and fidelity are those of the published SQL.
{% for dataset in names_in_var('datasets') %}{% do ref(dataset ~ '_customer_features') %}{% endfor %}
with

caught as (

    {% for rule_set in fitted_rule_sets() %}
    select
        '{{ rule_set.segmentation }}' as segmentation,
        customer_id,
        case
            {% for rule in rule_set.rules %}
            when {{ rule.rule_sql }} then {{ rule.cluster_id }}
            {% endfor %}
        end as rule_cluster_id
    from {{ ref(rule_set.dataset ~ '_customer_features') }}
    union all
    {% endfor %}
    select
        cast(null as {{ dbt.type_string() }}) as segmentation,
        cast(null as {{ dbt.type_string() }}) as customer_id,
        cast(null as int) as rule_cluster_id
    where false

),

counted as (

    select
        customer_segments.segmentation,
        customer_segments.cluster_id,
        caught.rule_cluster_id,
        count(*) as customers
    from {{ ref('customer_segments') }} as customer_segments
    left join caught
        on
            customer_segments.segmentation = caught.segmentation
            and customer_segments.customer_id = caught.customer_id
    group by customer_segments.segmentation, customer_segments.cluster_id, caught.rule_cluster_id

),

segments as (

    select
        segmentation,
        cluster_id,
        sum(customers) as customers,
        sum(case when rule_cluster_id = cluster_id then customers else 0 end) as customers_right
    from counted
    group by segmentation, cluster_id

),

rules as (

    select
        segmentation,
        rule_cluster_id as cluster_id,
        sum(customers) as customers_caught
    from counted
    where rule_cluster_id is not null
    group by segmentation, rule_cluster_id

),

wholes as (

    select
        segmentation,
        sum(customers_right) / cast(sum(customers) as double) as fidelity
    from segments
    group by segmentation

),

final as (

    select
        fitted_rules.segmentation,
        fitted_rules.cluster_id,
        personas.persona,
        fitted_rules.rule_sql,
        fitted_rules.rule_prose,
        fitted_rules.conditions,
        cast(coalesce(segments.customers, 0) as bigint) as customers,
        cast(coalesce(rules.customers_caught, 0) as bigint) as customers_caught,
        segments.customers_right / cast(segments.customers as double) as coverage,
        segments.customers_right / cast(rules.customers_caught as double) as purity,
        wholes.fidelity,
        personas.segment_key
    from {{ ref('fitted_rules') }} as fitted_rules
    inner join {{ ref('personas') }} as personas
        on
            fitted_rules.segmentation = personas.segmentation
            and fitted_rules.cluster_id = personas.cluster_id
    left join segments
        on
            fitted_rules.segmentation = segments.segmentation
            and fitted_rules.cluster_id = segments.cluster_id
    left join rules
        on
            fitted_rules.segmentation = rules.segmentation
            and fitted_rules.cluster_id = rules.cluster_id
    left join wholes
        on fitted_rules.segmentation = wholes.segmentation
    where {{ evidence_wanted() }}

)

select
    final.*,
    {{ is_synthetic_segmentation('final.segmentation') }} as is_synthetic
from final
