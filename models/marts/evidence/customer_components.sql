-- One row per segmentation and sampled customer: the customer's position along the first three principal components.
-- Plain arithmetic on the loadings: each scaled and centred feature times its loading, summed in the order of
-- positions.
{% set width = segmentation_inputs_wanted() | map(attribute='features') | map('length') | max %}
with

model as (

    select
        {% for position in range(1, width + 1) %}
        max(case when position = {{ position }} then scaler_center end) as center_{{ position }},
        max(case when position = {{ position }} then scaler_scale end) as scale_{{ position }},
        max(case when position = {{ position }} then scaled_mean end) as mean_{{ position }},
        {% for component in range(1, 4) %}
        max(case when component = {{ component }} and position = {{ position }} then loading end)
            as loading_{{ component }}_{{ position }},
        {% endfor %}
        {% endfor %}
        segmentation
    from {{ ref('fitted_components') }}
    where {{ evidence_wanted() }}
    group by segmentation

),

centred as (

    select
        {% for position in range(1, width + 1) %}
        (segmentation_samples.value_{{ position }} - model.center_{{ position }}) / model.scale_{{ position }}
        - model.mean_{{ position }} as centred_{{ position }},
        {% endfor %}
        segmentation_samples.dataset,
        segmentation_samples.customer_id,
        model.*
    from {{ ref('segmentation_samples') }} as segmentation_samples
    inner join model
        on segmentation_samples.segmentation = model.segmentation
    where segmentation_samples.sample_number <= {{ var('picture_customers') }}

),

placed as (

    select
        {% for component in range(1, 4) %}
        -- without a loading there is no such component; a feature beyond those of the segmentation adds nothing
        centred_1 * loading_{{ component }}_1
        {% for position in range(2, width + 1) %}
        + coalesce(centred_{{ position }} * loading_{{ component }}_{{ position }}, 0)
        {% endfor %}
            as component_{{ component }},
        {% endfor %}
        segmentation,
        dataset,
        customer_id
    from centred

),

final as (

    select
        placed.segmentation,
        placed.dataset,
        placed.customer_id,
        customer_segments.cluster_id,
        customer_segments.persona,
        placed.component_1,
        placed.component_2,
        placed.component_3
    from placed
    inner join {{ ref('customer_segments') }} as customer_segments
        on
            placed.segmentation = customer_segments.segmentation
            and placed.customer_id = customer_segments.customer_id

)

select
    final.*,
    {{ is_synthetic_dataset('final.dataset') }} as is_synthetic
from final
