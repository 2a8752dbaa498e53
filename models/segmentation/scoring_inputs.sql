-- One row per segmentation and customer: what the assignment reads, and a fingerprint of all that its result
-- depends on. Whoever has the fingerprint of the last build was scored already, by this very model.
{% set values = [] %}
{% for position in range(1, segmentation_inputs_wanted() | map(attribute='features') | map('length') | max + 1) %}
{% do values.append('inputs.value_' ~ position) %}
{% endfor %}
with

centroids as (

    select distinct
        segmentation,
        model_version
    from {{ ref('cluster_centroids') }}

),

personas as (

    select
        segmentation,
        {{ dbt.listagg("cluster_id || ' ' || persona", "'; '", 'order by cluster_id') }} as personas
    from {{ ref('personas') }}
    where cluster_id is not null
    group by segmentation

),

features as (

    select
        segmentation,
        {{ dbt.listagg('feature', "'; '", 'order by position') }} as features
    from {{ ref('segmentation_features') }}
    group by segmentation

),

models as (

    select
        centroids.segmentation,
        centroids.model_version,
        {{ row_fingerprint([
            'centroids.segmentation', 'centroids.model_version', 'personas.personas', 'features.features',
            "'" ~ var('borderline_margin') ~ "'", "'" ~ scoring_code() ~ "'"
        ]) }} as model_fingerprint
    from centroids
    inner join personas
        on centroids.segmentation = personas.segmentation
    inner join features
        on centroids.segmentation = features.segmentation

),

final as (

    select
        inputs.segmentation,
        inputs.dataset,
        inputs.customer_id,
        {{ values | join(', ') }},
        models.model_version,
        {{ row_fingerprint(['models.model_fingerprint'] + values) }} as fingerprint
    from {{ ref('segmentation_inputs') }} as inputs
    inner join models
        on inputs.segmentation = models.segmentation

)

select * from final
