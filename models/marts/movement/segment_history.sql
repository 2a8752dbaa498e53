-- One row per segmentation, customer and run of month ends in one segment, for datasets with purchases: the model of
-- today looks at every month end of the past, with nothing of the customer that came later.
{% set shapes, centroids = dated_shapes(), ref('cluster_centroids') %}
with

{% for shape in shapes %}
{{ shape.segmentation }}_months as (

    select
        '{{ shape.segmentation }}' as segmentation,
        history.customer_id,
        history.month_end,
        history.monetary_value,
        {% for input in shape.inputs %}
        {{ transformed(input.table ~ '.' ~ input.feature, input.transform) }} as value_{{ loop.index }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref(shape.dataset ~ '_customer_history') }} as history
    inner join {{ ref(shape.dataset ~ '_customer_features') }} as customers
        on history.customer_id = customers.customer_id
    where
        true
        {% for input in shape.inputs %}
        and {{ is_finite(input.table ~ '.' ~ input.feature) }}
        {% endfor %}

),

{{ nearest_clusters(shape, shape.segmentation ~ '_months', centroids, ['month_end', 'monetary_value']) }},

{% endfor %}
assigned as (

    {% for shape in shapes %}
    select
        '{{ shape.dataset }}' as dataset,
        '{{ shape.segmentation }}' as segmentation,
        customer_id,
        month_end,
        monetary_value,
        cluster_id
    from {{ shape.segmentation }}_assigned
    {{ 'union all' if not loop.last }}
    {% endfor %}
    {{ no_rows(
        ['dataset', 'segmentation', 'customer_id'], date=['month_end'], double=['monetary_value'], int=['cluster_id']
    ) if not shapes }}

),

compared as (

    select
        assigned.dataset,
        assigned.segmentation,
        assigned.customer_id,
        assigned.month_end,
        assigned.monetary_value,
        personas.segment_id,
        personas.persona,
        lag(personas.segment_id) over customer_months as from_segment_id,
        lag(personas.persona) over customer_months as from_persona,
        lag(assigned.monetary_value) over customer_months as money_before
    from assigned
    inner join {{ ref('personas') }} as personas
        on assigned.segmentation = personas.segmentation and assigned.cluster_id = personas.cluster_id
    window customer_months as (
        partition by assigned.segmentation, assigned.customer_id
        order by assigned.month_end
    )

),

numbered as (

    select
        compared.*,
        coalesce(from_segment_id <> segment_id, true) as is_start,
        sum(case when from_segment_id = segment_id then 0 else 1 end) over (
            partition by segmentation, customer_id
            order by month_end
            rows between unbounded preceding and current row
        ) as run
    from compared

),

runs as (

    select
        dataset,
        segmentation,
        customer_id,
        run,
        min(month_end) as valid_from,
        max(month_end) as last_month_end,
        cast(count(*) as int) as months,
        max(segment_id) as segment_id,
        max(persona) as persona,
        max(case when is_start then from_segment_id end) as from_segment_id,
        max(case when is_start then from_persona end) as from_persona,
        max(case when is_start then money_before end) as money_before,
        max(case when is_start then monetary_value end) as money_after
    from numbered
    group by dataset, segmentation, customer_id, run

),

final as (

    select
        dataset,
        segmentation,
        customer_id,
        valid_from,
        nullif(last_month_end, max(last_month_end) over (partition by segmentation)) as valid_to,
        months,
        segment_id,
        persona,
        from_segment_id,
        from_persona,
        money_before,
        money_after
    from runs

)

select
    final.*,
    {{ is_synthetic_dataset('final.dataset') }} as is_synthetic
from final
